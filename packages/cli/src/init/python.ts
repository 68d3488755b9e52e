import { type Candidate, commandLine } from './candidate.ts';
import { detectDjango } from './django.ts';
import { detectFlask } from './flask.ts';
import type { Folder } from './folder.ts';
import { findHealthRoute } from './health-route.ts';
import { applicationIn, boundIn, usesOnly } from './python-application.ts';
import { type PythonApplication, type PythonFolder, unbuffered } from './python-folder.ts';
import { findModules } from './python-modules.ts';
import { findPythonTools, pythonPackages } from './python-tools.ts';

/** Django, Flask and FastAPI in a folder. */
export function detectPython(folder: Folder, project: Folder): readonly Candidate[] {
  const python: PythonFolder = {
    folder,
    tools: findPythonTools(folder, project),
    packages: pythonPackages(folder, project),
    modules: findModules(folder),
  };
  const django = detectDjango(python);
  if (django !== undefined) return [django];
  const found = [detectFlask(python), detectFastApi(python)].filter((application) => application !== undefined);
  return found.map(({ module, ...candidate }) => {
    // Beside a second application, only its own file is surely its own.
    const health = findHealthRoute(
      found.length > 1 ? [{ path: module.file, text: module.text }] : folder.sources(['.py']),
    );
    return { ...candidate, ...(health !== undefined && { health }) };
  });
}

function detectFastApi(python: PythonFolder): PythonApplication | undefined {
  const { folder, tools, modules } = python;
  for (const module of modules) {
    const own = applicationIn(module.text, 'FastAPI');
    const found = own ?? (usesOnly(python, 'FastAPI') ? boundIn(module.text) : undefined);
    if (found === undefined) continue;
    const factory = found.object.endsWith('()');
    const target = `${module.name}:${found.object.replace('()', '')}`;
    const address = ['--host', '{host}', '--port', '{port}'];
    return {
      module,
      id: folder.pathOf('FastAPI'),
      folder: folder.path,
      kind: 'FastAPI',
      because: `${folder.pathOf(module.file)} ${found.because}`,
      command: commandLine([...tools.program('uvicorn'), ...(factory ? ['--factory'] : []), target, ...address]),
      commandWhy: tools.why,
      env: unbuffered,
      port: { number: 8000, why: "uvicorn's default" },
      watch: {
        include: ['**/*.py'],
        ignore: tools.foreign,
        why: 'without --reload, uvicorn does not reload by itself',
      },
    };
  }
  return undefined;
}
