import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** A process that does what it is told; see the file. */
export const puppet = (name = 'say'): readonly [string, ...string[]] => ['python3', fixture('puppet.py'), name];

/** Tells it. */
export const tell = (root: string, line: string, name = 'say'): Promise<void> =>
  appendFile(join(root, name), `${line}\n`);

/** Gives the project the package that brings datagram sockets. */
export async function installDatagrams(root: string): Promise<void> {
  await cp(fixture('unix-dgram'), join(root, 'node_modules', 'unix-dgram'), { recursive: true });
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
