import { posix } from 'node:path';
import type { Folder } from './folder.ts';
import { fieldsAt, readToml, textsIn } from './manifests.ts';

/** How a folder runs Python programs. */
export interface PythonTools {
  /** The words that run a program of the environment. */
  program(name: string): readonly string[];
  readonly python: readonly string[];
  /** Whether the environment has the program, as far as one can see. */
  mayHave(name: string): boolean;
  readonly why: string;
  /** Globs of what lies in the folder and is not its own, beside what is never watched. */
  readonly foreign: readonly string[];
}

const managers = { 'uv.lock': 'uv', 'poetry.lock': 'poetry', 'pdm.lock': 'pdm', 'Pipfile.lock': 'pipenv' } as const;

/** The virtual environment of the folder or of the project, else the manager that has a lock file, else plain Python. */
export function findPythonTools(folder: Folder, project: Folder): PythonTools {
  const owners = folder === project ? [folder] : [folder, project];
  for (const owner of owners) {
    const environment = ['.venv', 'venv'].find((name) => owner.has(`${name}/bin/python`));
    if (environment === undefined) continue;
    const bin = posix.join(posix.relative(folder.path, owner.path), environment, 'bin');
    const mayHave = (name: string): boolean => owner.has(`${environment}/bin/${name}`);
    return {
      program: (name) => (mayHave(name) ? [`${bin}/${name}`] : [`${bin}/python`, '-m', name]),
      python: [`${bin}/python`],
      mayHave,
      foreign: environment === 'venv' && owner === folder ? ['venv/**'] : [],
      why: `from the virtual environment ${owner.pathOf(environment)}`,
    };
  }
  for (const [lock, manager] of Object.entries(managers)) {
    const owner = owners.find(({ names }) => names.has(lock));
    if (owner === undefined) continue;
    return {
      program: (name) => [manager, 'run', name],
      python: [manager, 'run', 'python'],
      mayHave: () => true,
      foreign: [],
      why: `by ${manager}, because of ${owner.pathOf(lock)}`,
    };
  }
  return {
    program: (name) => ['python3', '-m', name],
    python: ['python3'],
    mayHave: () => true,
    foreign: [],
    why: 'no virtual environment was found',
  };
}

/** The packages that the folder or the project requires, each with the file that says so. */
export function pythonPackages(folder: Folder, project: Folder): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  for (const owner of folder === project ? [folder] : [folder, project]) {
    for (const [file, requirements] of Object.entries(requirementsOf(owner))) {
      for (const requirement of requirements) {
        const [name] = /^[\w.-]+/.exec(requirement.trim()) ?? [];
        if (name !== undefined && !packages.has(name)) packages.set(name.toLowerCase(), owner.pathOf(file));
      }
    }
  }
  return packages;
}

function requirementsOf(folder: Folder): Readonly<Record<string, readonly string[]>> {
  const pyproject = readToml(folder, 'pyproject.toml');
  return {
    'requirements.txt': (folder.read('requirements.txt') ?? '').split('\n'),
    'pyproject.toml': [
      ...textsIn(fieldsAt(pyproject, 'project').dependencies),
      ...Object.values(fieldsAt(pyproject, 'project', 'optional-dependencies')).flatMap(textsIn),
      ...Object.values(fieldsAt(pyproject, 'dependency-groups')).flatMap(textsIn),
      ...Object.keys(fieldsAt(pyproject, 'tool', 'poetry', 'dependencies')),
      ...Object.values(fieldsAt(pyproject, 'tool', 'poetry', 'group')).flatMap((group) =>
        Object.keys(fieldsAt({ group }, 'group', 'dependencies')),
      ),
    ],
    Pipfile: Object.keys(fieldsAt(readToml(folder, 'Pipfile'), 'packages')),
  };
}
