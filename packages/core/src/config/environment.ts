import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { EnvInput } from '../contract/config.ts';
import { messageOf } from '../errors/error.ts';
import { type Path, type Report, subjectOf } from './issues.ts';

export type Variables = Readonly<Record<string, string | null>>;

/** The variables of env files, in order, with those of `env` over them. A missing file is reported at `path`. */
export async function readVariables(
  { env, envFile }: { readonly env: EnvInput; readonly envFile: readonly string[] },
  { root, path, report }: { readonly root: string; readonly path: Path; readonly report: Report },
): Promise<Variables> {
  const files = await Promise.all(
    envFile.map((name) => readEnvFile(resolve(root, name), [...path, 'envFile'], report)),
  );
  const written = Object.entries(env).map(([name, value]) => [name, value === null ? null : String(value)]);
  return Object.assign({}, ...files, Object.fromEntries(written));
}

async function readEnvFile(file: string, path: Path, report: Report): Promise<Variables> {
  try {
    return parseEnv(await readFile(file, 'utf8')) as Variables;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') {
      report(path, `${subjectOf(path)} names ${file}, which does not exist.`, {
        hint: 'Create the file, or take it out.',
      });
    } else {
      report(path, `${subjectOf(path)} names ${file}, which cannot be read: ${messageOf(fault)}.`);
    }
    return {};
  }
}
