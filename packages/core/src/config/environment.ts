import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import type { EnvInput } from '../contract/config.ts';
import { messageOf } from '../errors/error.ts';
import type { Path, Report } from './issues.ts';
import { isPlainObject, subjectOf } from './path.ts';

export type Variables = Readonly<Record<string, string | null>>;

/** The variables of env files, in order, with those of `env` over them. A missing file is reported where it is named. */
export async function readVariables(
  { env, envFile }: { readonly env: EnvInput; readonly envFile: readonly string[] },
  { root, path, report }: { readonly root: string; readonly path: Path; readonly report: Report },
): Promise<Variables> {
  const at = [...path, 'envFile'];
  const files = await Promise.all(
    envFile.map((name, index) => readEnvFile(resolve(root, name), envFile.length === 1 ? at : [...at, index], report)),
  );
  const written = Object.entries(env).map(([name, value]) => [name, value === null ? null : String(value)]);
  return Object.assign({}, ...files, Object.fromEntries(written));
}

async function readEnvFile(file: string, path: Path, report: Report): Promise<Variables> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
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
  for (const { line, what, hint } of mistakesOf(text)) report(path, `${file}:${line} ${what}.`, { hint });
  return parse(text);
}

/** What dotenv takes as one variable, over several lines when it is quoted; of the rest it says nothing. */
const assignment =
  /^[^\S\n]*(?:export\s+)?[\w.-]+(?:\s*=\s*?|:\s+?)(?<value>\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\n]+)?[^\S\n]*(?:#.*)?$/gm;

/** Lines of an env file that would be left out, or taken for something else. They may be secret, so none is shown. */
function mistakesOf(text: string): readonly { line: number; what: string; hint: string }[] {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  const lineAt = (index: number): number => lines.slice(0, index).split('\n').length;
  const unclosed = [...lines.matchAll(assignment)].flatMap(({ index, groups }) => {
    const value = groups?.value?.trim() ?? '';
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || (value.length > 1 && value.endsWith(quote))) return [];
    const what = 'has a value that begins with a quote and does not end with it';
    return [{ line: lineAt(index), what, hint: 'Put the whole value into quotes of another kind.' }];
  });
  const rest = lines.replaceAll(assignment, (found) => found.replaceAll(/[^\n]/g, ''));
  const stray = rest.split('\n').flatMap((line, index) => {
    if (/^\s*(?:#|$)/.test(line)) return [];
    const what = 'is neither empty, a comment nor an assignment';
    return [{ line: index + 1, what, hint: 'Write NAME=value; put a value of several lines into quotes.' }];
  });
  return [...unclosed, ...stray].sort((a, b) => a.line - b.line);
}

/** What an env file says of a variable, and in which line; undefined when it says nothing. */
export async function findVariable(
  file: string,
  name: string,
): Promise<{ readonly value: string; readonly line: number } | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const value = parse(text)[name];
  if (value === undefined) return undefined;
  const lines = text.split(/\r\n?|\n/);
  const begins = (line: string): boolean => line.replace(/^\s*(?:export\s+)?/, '').split(/\s*[=:]/, 1)[0] === name;
  return { value, line: lines.findLastIndex(begins) + 1 };
}

/** The env files that a config names, absolute. It may be any value: it has not been checked. */
export function envFilesOf(config: unknown, root: string): readonly string[] {
  const named = (value: unknown): readonly unknown[] => [isPlainObject(value) ? value.envFile : undefined].flat();
  const processes = isPlainObject(config) && isPlainObject(config.processes) ? Object.values(config.processes) : [];
  const names = [config, ...processes].flatMap(named).filter((name) => typeof name === 'string');
  return [...new Set(names.map((name) => resolve(root, name)))];
}
