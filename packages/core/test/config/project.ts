import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type * as load from '../../src/config/load.ts';
import type * as probe from '../../src/config/probe.ts';
import type * as resolve from '../../src/config/resolve.ts';

// What imports files of users must run under Node's own loader, not under the one that vitest puts in its place.
const require = createRequire(import.meta.url);
export const { loadConfig } = require('../../src/config/load.ts') as typeof load;
export const { probeConfig } = require('../../src/config/probe.ts') as typeof probe;
export const { resolveConfig } = require('../../src/config/resolve.ts') as typeof resolve;

/** A folder with `files`, removed after the test. It is the root of a repository unless it is told not to be. */
export async function project(
  files: Readonly<Record<string, string>>,
  { repository = true }: { repository?: boolean } = {},
): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'promptbin-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  if (repository) await mkdir(join(root, '.git'));
  await write(root, files);
  return root;
}

export async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}
