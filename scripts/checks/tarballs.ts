import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPackages } from '../build.ts';
import { run } from './command.ts';

export interface Tarball {
  readonly name: string;
  /** Absolute. */
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Builds and packs every public package, as publishing does. */
export async function packPackages(root: string, folder: string): Promise<Tarball[]> {
  await buildPackages(root);
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder, '--json'];
  return JSON.parse(await run('pnpm', args, { cwd: root })) as Tarball[];
}

/** Installs them, and more packages if they are named, in a project that knows nothing of this workspace. */
export async function installTarballs(
  project: string,
  tarballs: readonly Tarball[],
  ...more: readonly string[]
): Promise<void> {
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const files = tarballs.map(({ filename }) => filename);
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...files, ...more], { cwd: project });
}

/** What is wrong with the tarballs as they are, one mistake per line. */
export async function judgeTarballs(tarballs: readonly Tarball[]): Promise<string[]> {
  const mistakes: string[] = [];
  for (const { name, filename, files } of tarballs) {
    mistakes.push(...findContentMistakes(files.map(({ path }) => path)).map((mistake) => `${name} ${mistake}`));
    for (const [tool, ...args] of [
      ['publint', 'run', filename, '--strict'],
      ['attw', filename, '--profile', 'esm-only', '--format', 'ascii', '--no-color'],
    ] as const) {
      await run(tool, args).catch((failure: Error) => mistakes.push(failure.message));
    }
  }
  return mistakes;
}

/** What a tarball must not hold, and what it lacks. */
export function findContentMistakes(paths: readonly string[]): string[] {
  const strays = paths.filter((path) => /^(src|test)\/|\.test\.|\.tsbuildinfo$|\.map$/.test(path));
  const missing = ['LICENSE', 'README.md'].filter((path) => !paths.includes(path));
  return [...strays.map((path) => `contains ${path}`), ...missing.map((path) => `lacks ${path}`)];
}
