import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../contender.ts';

const unknown = 'of unknown version';

/** The first version in what a command prints; undefined when there is no such command. */
export function versionOf(file: string, ...args: readonly string[]): string | undefined {
  const { stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8', timeout: 30_000 });
  if (error !== undefined) return undefined;
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? unknown;
}

/** That of Debian's package, for a program that tells no version of itself; undefined when there is no such program. */
export function packagedVersion(name: string, ...program: readonly [string, ...string[]]): string | undefined {
  if (versionOf(...program) === undefined) return undefined;
  return versionOf('dpkg-query', '--show', name) ?? unknown;
}

/** That of a package of the benchmarks. */
export function packageVersion({ root }: Machine, name: string): string | undefined {
  const file = join(root, 'node_modules', name, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : undefined;
}

/** The file of a package of the benchmarks. */
export function packageFile({ root }: Machine, ...path: readonly string[]): string {
  return join(root, 'node_modules', ...path);
}

/** A command for `sh`. */
export function shellLine(command: readonly string[]): string {
  return command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}
