import { existsSync, readdirSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { cosmiconfig, type Loader } from 'cosmiconfig';
import { PromptbinError } from '../errors/error.ts';
import { formatOf } from './formats/names.ts';

const places = [
  ...['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'].map((extension) => `promptbin.config.${extension}`),
  '.promptbinrc',
  ...['json', 'yaml', 'yml', 'js', 'mjs', 'ts'].map((extension) => `.promptbinrc.${extension}`),
  'package.json',
];

/**
 * The first config from the folder `from` upwards to the root of the repository.
 *
 * @throws PromptbinError `PB_CONFIG_NOT_FOUND`
 */
export async function findConfig(from: string): Promise<string> {
  if (!existsSync(from)) {
    throw new PromptbinError('PB_CONFIG_NOT_FOUND', `There is no folder ${from}.`, {
      hint: 'Name one that exists with --project.',
    });
  }
  const folders = await foldersUp(from);
  for (const folder of folders) {
    try {
      const found = await explore(folder);
      if (found !== null) return found.filepath;
    } catch {
      // Whoever reads the file says what is wrong with it.
      const name = places.find((place) => statSync(join(folder, place), { throwIfNoEntry: false })?.isFile());
      if (name !== undefined) return join(folder, name);
    }
  }
  const where = folders.length === 1 ? '' : ` or in a folder above it, up to ${folders.at(-1)}`;
  throw new PromptbinError('PB_CONFIG_NOT_FOUND', `There is no promptbin config in ${from}${where}.`, {
    hint: hintFor(from),
  });
}

/** A file that somebody may have taken for a config. */
function hintFor(folder: string): string {
  const name = readdirSync(folder).find((other) => /^\.?promptbin(?:rc|\.config)?\.\w+$/.test(other));
  if (name === undefined) return 'Run "promptbin init" to write one, or name a file with --config.';
  const stats = statSync(join(folder, name), { throwIfNoEntry: false });
  if (stats === undefined) return `${name} is a link to a file that does not exist.`;
  if (stats.isDirectory()) return `${name} is a folder: a config is a file.`;
  if (formatOf(name) === undefined)
    return `${name} is in none of the formats of a config, such as promptbin.config.yaml.`;
  return `${name} is not looked for: rename it to promptbin.config${extname(name).replace(/^\.c/, '.')}, or name it with --config.`;
}

function explore(folder: string): ReturnType<ReturnType<typeof cosmiconfig>['search']> {
  const options = { searchPlaces: places, loaders, cache: false, ignoreEmptySearchPlaces: false } as const;
  // It throws for a package.json in the working directory that is no JSON: it looks there for settings of its own.
  return cosmiconfig('promptbin', { ...options, searchStrategy: 'none' }).search(folder);
}

/**
 * The config `file`, relative to the folder `from`.
 *
 * @throws PromptbinError `PB_CONFIG_NOT_FOUND`
 */
export function namedConfig(from: string, file: string): string {
  const name = resolve(from, file);
  const stats = statSync(name, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    throw new PromptbinError('PB_CONFIG_NOT_FOUND', `${name} is a folder, not a config file.`, {
      hint: 'Name the folder with --project instead.',
    });
  }
  if (stats !== undefined) return name;
  throw new PromptbinError('PB_CONFIG_NOT_FOUND', `There is no config file ${name}.`, {
    hint: 'Name a file that exists with --config.',
  });
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

// cosmiconfig only finds the file here: what it reads, it follows a "$import" key of its own in, and knows no places of.
const found: Loader = () => ({ found: true });

/** Most have no key "promptbin", and are passed by. */
const packageLoader: Loader = (file, content) => {
  if (basename(file) !== 'package.json') return found(file, content);
  try {
    const { promptbin } = Object(JSON.parse(content)) as { promptbin?: unknown };
    return { promptbin: promptbin === undefined ? undefined : { found: true } };
  } catch {
    // Whoever reads the file says what is wrong with it.
    return { promptbin: { found: true } };
  }
};

const loaders: Readonly<Record<string, Loader>> = {
  ...Object.fromEntries(
    ['.ts', '.mts', '.js', '.mjs', '.yaml', '.yml', 'noExt'].map((extension) => [extension, found]),
  ),
  '.json': packageLoader,
};
