import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors/error.ts';
import { formatOf } from './formats/names.ts';
import { resolveFrom } from './import.ts';
import { installHint } from './installation.ts';
import type { Mistake } from './issues.ts';
import { nearest } from './suggest.ts';

/** A file, or why there is none. */
type Base = { readonly file: string } | Pick<Mistake, 'message' | 'hint'>;

interface Surroundings {
  readonly root: string;
  readonly fallback?: string | undefined;
}

/** The file that `name` stands for in an "extends". `way` leads from the main config to the file that says so. */
export function findBase(name: string, way: readonly string[], { root, fallback }: Surroundings): Base {
  const asking = way.at(-1) ?? '';
  const file = resolve(dirname(asking), name);
  const base =
    name.startsWith('.') || isAbsolute(name) || existsSync(file)
      ? baseFile(name, file, asking)
      : basePackage(name, asking, fallback);
  if (!('file' in base)) return base;
  if (formatOf(base.file) === undefined) {
    return {
      message: `This extends ${JSON.stringify(name)}, and a config cannot be written in "${extname(base.file)}".`,
    };
  }
  if (!way.includes(base.file)) return base;
  const circle = [...way.slice(way.indexOf(base.file)), base.file].map((step) => relative(root, step)).join(' → ');
  return { message: `These files extend each other: ${circle}.`, hint: 'Take one "extends" out.' };
}

function baseFile(name: string, file: string, asking: string): Base {
  const extended = `This extends ${JSON.stringify(name)}`;
  if (!existsSync(file)) return { message: `${extended}, which does not exist.`, ...near(file, asking) };
  return statSync(file).isDirectory() ? { message: `${extended}, which is a folder.` } : { file };
}

function basePackage(name: string, asking: string, fallback: string | undefined): Base {
  const folder = dirname(asking);
  const extended = `This extends ${JSON.stringify(name)}`;
  try {
    return baseFile(name, fileURLToPath(resolveFrom(folder, name, fallback)), asking);
  } catch (fault) {
    if (!messageOf(fault).startsWith(`Cannot find package '${name}'`)) {
      return { message: `${extended}, which cannot be found: ${messageOf(fault)}.` };
    }
    const message = `${extended}, which is neither a file here nor an installed package.`;
    return { message, hint: installHint(name, folder), ...near(resolve(folder, name), asking) };
  }
}

/** A file of the same folder that may have been meant. */
function near(file: string, asking: string): Pick<Mistake, 'hint'> {
  const folder = dirname(file);
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => join(folder, name) !== asking) : [];
  const guess = nearest(basename(file), others);
  return guess === undefined ? {} : { hint: `Did you mean ${JSON.stringify(guess)}?` };
}
