import { type Candidate, commandLine, type Health } from './candidate.ts';
import type { Source } from './folder.ts';
import { type PythonFolder, pythonFiles, unbuffered } from './python-folder.ts';

const settings = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)\.settings/;

/** A Django project: by gunicorn where the project lists it, else by Django's own server, which reloads by itself. */
export function detectDjango({ folder, tools, packages }: PythonFolder): Candidate | undefined {
  const manage = folder.read('manage.py');
  if (manage === undefined || !/django/i.test(manage)) return undefined;
  const [, project] = settings.exec(manage) ?? [];
  const listed = packages.get('gunicorn');
  const wsgi = project !== undefined && folder.has(`${project.replaceAll('.', '/')}/wsgi.py`) && `${project}.wsgi`;
  const runserver = [...tools.python, 'manage.py', 'runserver', '{host}:{port}'];
  const health = project === undefined ? undefined : findHealth(folder.sources(['.py']), project);
  const found = {
    id: folder.pathOf('Django'),
    folder: folder.path,
    kind: 'Django',
    commandWhy: tools.why,
    env: unbuffered,
    port: { number: 8000, why: "Django's default" },
    ...(health !== undefined && { health }),
  };
  const because = `${folder.pathOf('manage.py')} is Django's`;
  if (listed === undefined || !wsgi || !tools.mayHave('gunicorn')) {
    return { ...found, because, command: commandLine(runserver) };
  }
  return {
    ...found,
    because: `${because}; ${listed} lists gunicorn`,
    command: commandLine([...tools.program('gunicorn'), '--bind', '{host}:{port}', wsgi]),
    watch: { include: pythonFiles, ignore: tools.foreign, why: 'without --reload, gunicorn does not reload by itself' },
    notes: [`gunicorn serves no static files of its own accord; Django's own server does: ${runserver.join(' ')}`],
  };
}

/** A path of the project's own `urls.py`: those of its apps may stand below another. */
function findHealth(sources: readonly Source[], project: string): Health | undefined {
  const urls = sources.find(({ path }) => path === `${project.replaceAll('.', '/')}/urls.py`);
  const [, path] = /\bpath\(\s*["']((?:api\/)?healthz?\/?)["']\s*,\s*(?!include\b)/.exec(urls?.text ?? '') ?? [];
  return urls === undefined || path === undefined
    ? undefined
    : { path: `/${path}`, why: `${urls.path} has that route` };
}
