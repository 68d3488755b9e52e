import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fault, messageOf } from '../fault.ts';

/** Where a project keeps what its manager needs. */
export interface ProjectFiles {
  /** The folder of the config. */
  readonly root: string;
  readonly folder: string;
  readonly lock: string;
  readonly record: string;
  /** The bearer token of whoever asks over HTTP. */
  readonly token: string;
  readonly logs: string;
  /** What a manager in the background says on stdout and stderr. */
  readonly out: string;
}

export function projectFiles(root: string): ProjectFiles {
  const folder = join(root, '.promptbin');
  const logs = join(folder, 'logs');
  return {
    root,
    folder,
    lock: join(folder, 'manager.lock'),
    record: join(folder, 'manager.json'),
    token: join(folder, 'token'),
    logs,
    out: join(logs, 'promptbin.out'),
  };
}

/**
 * Makes `.promptbin/`, closed to other users and ignored by git.
 *
 * @throws PromptbinError `PB_PROJECT_UNWRITABLE`
 */
export async function prepareProject(root: string): Promise<ProjectFiles> {
  const files = projectFiles(root);
  const { ensureProjectFolder } = await import('@promptbin/core');
  try {
    ensureProjectFolder(root);
    // mkdir leaves the mode of a folder that was there before.
    await chmod(files.folder, 0o700);
    await mkdir(files.logs, { recursive: true });
  } catch (cause) {
    throw await fault('PB_PROJECT_UNWRITABLE', `The folder ${files.folder} cannot be written: ${messageOf(cause)}.`, {
      hint: 'Run promptbin as a user who may write to the project.',
      cause,
    });
  }
  return files;
}

const configName = /^(promptbin\.config|\.promptbinrc)\.(ts|mts|js|mjs|json|ya?ml)$|^\.promptbinrc$/;

export interface ProjectChoice {
  /** Where the search for a config begins. Default: the working directory. */
  readonly project?: string;
  /** The config file itself, relative to `project`. */
  readonly config?: string;
}

/** How the config is to be read. */
export interface ConfigFlags {
  /** Such as `web.port=0`: holds over all that is written in files. */
  readonly set: readonly string[];
  /** What a config that is a function is told. */
  readonly mode?: string;
}

/**
 * The folder of the config that a manager would load, without loading it: what is broken can still be asked about and
 * stopped. Undefined when there is none.
 */
export function findRoot({ project = '.', config }: ProjectChoice): string | undefined {
  const from = resolve(project);
  if (config !== undefined) {
    const file = resolve(from, config);
    return existsSync(file) ? dirname(file) : undefined;
  }
  if (!existsSync(from)) return undefined;
  for (let folder = from; ; folder = dirname(folder)) {
    const names = namesIn(folder);
    if ((folder === from || !isShared(folder)) && configIn(folder, names) !== undefined) return folder;
    if (names.includes('.git') || folder === dirname(folder)) return undefined;
  }
}

/** The file in a folder that is a config, or holds one. */
export function findConfig(folder: string): string | undefined {
  const name = configIn(folder, namesIn(folder));
  return name === undefined ? undefined : join(folder, name);
}

function configIn(folder: string, names: readonly string[]): string | undefined {
  const own = names.find((name) => configName.test(name));
  if (own !== undefined || !names.includes('package.json')) return own;
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8').replace(/^\uFEFF/, ''));
    return 'promptbin' in manifest ? 'package.json' : undefined;
  } catch {
    return undefined;
  }
}

/** Whether anyone may have put a config there, as in `/tmp`. */
function isShared(folder: string): boolean {
  return (statSync(folder).mode & 0o002) !== 0;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
