import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { run } from './checks/command.ts';

/** Builds every package from nothing: `tsc` never removes what it made of a file that is gone, and `dist` is published. */
export async function buildPackages(root: string): Promise<void> {
  const folders = globSync('packages/*/tsconfig.json', { cwd: root }).map(dirname);
  for (const folder of folders) rmSync(join(root, folder, 'dist'), { recursive: true, force: true });
  await run('tsc', ['-b', ...folders], { cwd: root });
  await Promise.all(folders.map((folder) => bundle(join(root, folder))));
}

interface Manifest {
  readonly publishConfig: { readonly exports: Readonly<Record<string, string | { readonly default: string }>> };
}

/**
 * Puts together what a package always loads together: each file costs a process that starts 0.2 ms, and a package has
 * hundreds. What is imported later stays by itself; other packages stay outside.
 */
async function bundle(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  const { publishConfig } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const exported = Object.values(publishConfig.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [join(folder, entry.default)],
  );
  const entries = [...exported, ...globSync(join(dist, '**/*-worker.js'))];
  const made = await rolldown({
    input: Object.fromEntries(entries.map((file) => [basename(file, '.js'), file])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
  });
  const { output } = await made.generate({ chunkFileNames: '[name]-[hash].js' });
  await made.close();
  // They are in memory: what `tsc` has made can give way. Its declarations stay.
  for (const file of globSync(join(dist, '**/*.js'))) rmSync(file);
  const chunks = output.filter((one): one is OutputChunk => one.type === 'chunk');
  for (const { fileName, code } of chunks) writeFileSync(join(dist, fileName), code);
}

if (import.meta.main) await buildPackages(join(import.meta.dirname, '..'));
