import type { Folder } from './folder.ts';

/** A Python file that may hold the application. */
export interface Module {
  /** Relative to the folder it is run from. */
  readonly file: string;
  /** As it is imported from there. */
  readonly name: string;
  readonly text: string;
}

const usual = ['app', 'wsgi', 'main', 'application', 'server', 'api', 'run'];
const mostFolders = 50;

/** The modules where an application usually stands: in the folder itself, then in its packages. */
export function findModules(folder: Folder): readonly Module[] {
  const own = usual.flatMap((name) => moduleAt(folder, `${name}.py`, name));
  const packages = [...folder.names].filter((name) => /^[a-z_]\w*$/i.test(name) && !/^(tests?|venv|env)$/.test(name));
  const inside = packages.slice(0, mostFolders).flatMap((name) => {
    const inner = folder.folder(name);
    if (inner === undefined || !isPackage(inner, name)) return [];
    return [
      ...moduleAt(inner, '__init__.py', name),
      ...usual.flatMap((module) => moduleAt(inner, `${module}.py`, `${name}.${module}`)),
    ].map((module) => ({ ...module, file: `${name}/${module.file}` }));
  });
  return [...own, ...inside];
}

/** Whether a folder is a package of the one above it, and run from there: it is imported by its own name. */
export function isPackage(folder: Folder, name: string): boolean {
  if (folder.isProject) return false;
  if (folder.names.has('__init__.py')) return true;
  const importsItself = new RegExp(String.raw`^\s*(?:from|import)\s+(?:${name}\b|\.)`, 'm');
  return usual.some((module) => importsItself.test(folder.read(`${module}.py`) ?? ''));
}

function moduleAt(folder: Folder, file: string, name: string): readonly Module[] {
  const text = folder.read(file);
  return text === undefined ? [] : [{ file, name, text }];
}
