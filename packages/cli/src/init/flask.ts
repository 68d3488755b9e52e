import { commandLine } from './candidate.ts';
import type { Folder } from './folder.ts';
import { applicationIn, boundIn, usesOnly } from './python-application.ts';
import { type PythonApplication, type PythonFolder, pythonFiles, unbuffered } from './python-folder.ts';
import type { Module } from './python-modules.ts';

/** Where a Flask application is, for Flask itself and for other servers. */
interface Target {
  readonly module: Module;
  /** As `flask --app` takes it. */
  readonly app: string;
  /** As a WSGI server takes it; undefined when only Flask can tell. */
  readonly wsgi?: string;
  readonly because: string;
}

/** A Flask application: by gunicorn where the project lists it, else by Flask's own server. */
export function detectFlask(python: PythonFolder): PythonApplication | undefined {
  const { folder, tools, packages } = python;
  const target = targetInSettings(python) ?? targetInModules(python);
  if (target === undefined) return undefined;
  const { module, app, wsgi, because } = target;
  const listed = packages.get('gunicorn');
  const server = listed !== undefined && wsgi !== undefined && tools.mayHave('gunicorn') ? wsgi : undefined;
  const missing = listed !== undefined && !tools.mayHave('gunicorn') ? ' but it is not installed' : '';
  return {
    module,
    id: folder.pathOf('Flask'),
    folder: folder.path,
    kind: 'Flask',
    because: listed === undefined ? because : `${because}; ${listed} lists gunicorn${missing}`,
    command: commandLine(
      server === undefined
        ? [...tools.program('flask'), '--app', app, 'run', '--host', '{host}', '--port', '{port}']
        : [...tools.program('gunicorn'), '--bind', '{host}:{port}', server],
    ),
    commandWhy: tools.why,
    env: unbuffered,
    port: { number: 5000, why: "Flask's default" },
    watch: {
      include: pythonFiles,
      ignore: tools.foreign,
      why: `without --${server === undefined ? 'debug' : 'reload'}, ${server === undefined ? 'Flask' : 'gunicorn'} does not reload by itself`,
    },
  };
}

/** What `FLASK_APP` says in the files that Flask reads. */
function targetInSettings({ folder, modules }: PythonFolder): Target | undefined {
  for (const file of ['.flaskenv', '.env']) {
    const text = readSetting(folder, file);
    const [, path = '', , call] = /^([\w./-]+?)(\.py)?(?::(\w+(?:\(\))?))?$/.exec(text ?? '') ?? [];
    if (text === undefined || path === '') continue;
    const name = path.replaceAll('/', '.');
    const module = modules.find((other) => other.name === name) ?? { file, name, text: '' };
    const object = call ?? applicationIn(module.text, 'Flask')?.object;
    return {
      module,
      app: text,
      ...(object !== undefined && { wsgi: `${name}:${object}` }),
      because: `${folder.pathOf(file)} sets FLASK_APP`,
    };
  }
  return undefined;
}

function readSetting(folder: Folder, file: string): string | undefined {
  return /^\s*(?:export\s+)?FLASK_APP\s*=\s*["']?([^"'\s#]+)/m.exec(folder.read(file) ?? '')?.[1];
}

function targetInModules(python: PythonFolder): Target | undefined {
  const { folder, modules } = python;
  for (const module of modules) {
    const found = applicationIn(module.text, 'Flask') ?? (usesOnly(python, 'Flask') ? boundIn(module.text) : undefined);
    if (found === undefined) continue;
    const entry = modules.find(({ name, text }) => name === 'wsgi' && boundIn(text) !== undefined);
    const object = entry === undefined ? found.object : boundIn(entry.text)?.object;
    return {
      module,
      app: /^(app|application|create_app\(\)|make_app\(\))$/.test(found.object)
        ? module.name
        : `${module.name}:${found.object}`,
      wsgi: `${entry?.name ?? module.name}:${object}`,
      because: `${folder.pathOf(module.file)} ${found.because}`,
    };
  }
  return undefined;
}
