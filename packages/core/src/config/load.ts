import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cosmiconfig, defaultLoaders, type Loader } from 'cosmiconfig';
import type { Config } from '../contract/config.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { importFrom } from './import.ts';
import { unreadable, unreadableJson, unreadableModule, unreadableYaml } from './unreadable.ts';

export interface LoadedConfig {
  /** As the file has it: not checked yet. */
  readonly config: Config;
  /** The folder of the file. */
  readonly root: string;
  /** Absolute. */
  readonly file: string;
}

const places = [
  ...['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'].map((extension) => `promptbin.config.${extension}`),
  '.promptbinrc',
  ...['json', 'yaml', 'yml', 'js', 'mjs', 'ts'].map((extension) => `.promptbinrc.${extension}`),
  'package.json',
];

/**
 * Reads a config: `file` (relative to `from`), or the first that is found from `from` (default: the working directory)
 * upwards to the root of the repository. A second call sees what has changed since the first.
 *
 * @throws PromptbinError `PB_CONFIG_NOT_FOUND`, `PB_CONFIG_UNREADABLE`, or what a plugin in the config has thrown
 */
export async function loadConfig(options: { from?: string; file?: string } = {}): Promise<LoadedConfig> {
  const from = resolve(options.from ?? '.');
  return options.file === undefined ? await search(from) : await read(resolve(from, options.file));
}

async function search(from: string): Promise<LoadedConfig> {
  const folders = await foldersUp(from);
  for (const folder of folders) {
    const result = await explore(folder, (explorer) => explorer.search(folder));
    if (result !== null) return loaded(result);
  }
  const where = folders.length === 1 ? '' : ` or in a folder above it, up to ${folders.at(-1)}`;
  throw new PromptbinError('PB_CONFIG_NOT_FOUND', `There is no promptbin config in ${from}${where}.`, {
    hint: 'Write a promptbin.config.ts, or name a file with --config.',
  });
}

async function read(file: string): Promise<LoadedConfig> {
  if (!existsSync(file)) {
    throw new PromptbinError('PB_CONFIG_NOT_FOUND', `There is no config file ${file}.`, {
      hint: 'Name a file that exists with --config.',
    });
  }
  const extension = extname(file);
  if (extension !== '' && !Object.hasOwn(loaders, extension)) {
    throw unreadable(file, `a config cannot be written in "${extension}"`, 'Name a .ts, .js, .json or .yaml file.');
  }
  const result = await explore(file, (explorer) => explorer.load(file));
  if (result === null) throw unreadable(file, 'it has no key "promptbin"', 'Write the config under that key.');
  return loaded(result);
}

/** The folders from `from` upwards: to the one that holds `.git`, else to the top. */
async function foldersUp(from: string): Promise<readonly string[]> {
  const folders = [from];
  for (let folder = from; !existsSync(join(folder, '.git')); folder = dirname(folder)) {
    if (dirname(folder) === folder) {
      // Anyone can write to a folder such as /tmp: a config there must not run because someone works below it.
      const shared = await Promise.all(folders.map((name) => name !== from && isShared(name)));
      return folders.filter((_, index) => !shared[index]);
    }
    folders.push(dirname(folder));
  }
  return folders;
}

/** World-writable and sticky. */
async function isShared(folder: string): Promise<boolean> {
  const { mode } = await stat(folder).catch(() => ({ mode: 0 }));
  return (mode & 0o1002) === 0o1002;
}

type Explorer = ReturnType<typeof cosmiconfig>;
type Found = Awaited<ReturnType<Explorer['search']>>;

async function explore(place: string, ask: (explorer: Explorer) => Promise<Found>): Promise<Found> {
  try {
    const options = { searchPlaces: places, loaders, cache: false, ignoreEmptySearchPlaces: false };
    return await ask(cosmiconfig('promptbin', { ...options, searchStrategy: 'none' }));
  } catch (fault) {
    throw PromptbinError.is(fault) ? fault : unreadable(place, messageOf(fault), undefined, fault);
  }
}

function loaded({ config, filepath: file }: NonNullable<Found>): LoadedConfig {
  if (config === undefined || config.value === undefined || config.value === null) {
    throw unreadable(file, 'it is empty', 'Write at least "processes".');
  }
  return { config: config.value, root: dirname(file), file };
}

// Each loader wraps what it has read: cosmiconfig would follow a "$import" key of its own, and it goes on to the next
// place when a config throws an error with code ENOENT.

let loads = 0;

const moduleLoader: Loader = async (file) => {
  const real = await realpath(file);
  // The two caches of modules: CommonJS by file name, ES modules by URL.
  delete createRequire(import.meta.url).cache[real];
  let exported: Record<string, unknown>;
  try {
    exported = await importFrom(dirname(real), `${pathToFileURL(real).href}?load=${++loads}`);
  } catch (fault) {
    throw unreadableModule(file, fault);
  }
  if (exported.default === undefined) {
    throw unreadable(file, 'it has no default export', 'Write "export default defineConfig({ … })".');
  }
  return { value: exported.default };
};

const jsonLoader: Loader = (file, content) => {
  try {
    const value = JSON.parse(content.replace(/^\uFEFF/, ''));
    if (basename(file) !== 'package.json') return { value };
    return { promptbin: value?.promptbin === undefined ? undefined : { value: value.promptbin } };
  } catch (fault) {
    throw unreadableJson(file, fault);
  }
};

const yamlLoader: Loader = (file, content) => {
  try {
    return { value: defaultLoaders['.yaml'](file, content) };
  } catch (fault) {
    throw unreadableYaml(file, fault);
  }
};

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': moduleLoader,
  '.mts': moduleLoader,
  '.js': moduleLoader,
  '.mjs': moduleLoader,
  '.json': jsonLoader,
  '.yaml': yamlLoader,
  '.yml': yamlLoader,
  noExt: yamlLoader,
};
