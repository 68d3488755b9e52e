import { globSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './checks/command.ts';

/** Builds every package from nothing: `tsc` never removes what it made of a file that is gone, and `dist` is published. */
export async function buildPackages(root: string): Promise<void> {
  const folders = globSync('packages/*/tsconfig.json', { cwd: root }).map(dirname);
  for (const folder of folders) rmSync(join(root, folder, 'dist'), { recursive: true, force: true });
  await run('tsc', ['-b', ...folders], { cwd: root });
}

if (import.meta.main) await buildPackages(join(import.meta.dirname, '..'));
