import { join } from 'node:path';
import { buildPackages } from '../build.ts';
import { run } from './command.ts';
import { inFolder } from './folder.ts';
import { tryAsConsumer } from './consumer.ts';

export interface Tarball {
  readonly name: string;
  readonly file: string;
}

interface Packed {
  name: string;
  filename: string;
  files: { path: string }[];
}

/** Packs every public package, judges each tarball, and uses them all as a stranger would. */
export async function checkTarballs(root: string): Promise<string[]> {
  await buildPackages(root);
  return inFolder(async (folder) => {
    const packed = await pack(root, join(folder, 'tarballs'));
    const mistakes = packed.flatMap(({ name, files }) => findContentMistakes(name, files.map(({ path }) => path)));
    for (const { filename } of packed) {
      await run('publint', ['run', filename, '--strict']);
      await run('attw', [filename, '--profile', 'esm-only']);
    }
    const tarballs = packed.map(({ name, filename }) => ({ name, file: filename }));
    await tryAsConsumer(root, join(folder, 'project'), tarballs);
    return mistakes;
  });
}

async function pack(root: string, destination: string): Promise<Packed[]> {
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', destination, '--json'];
  const packed = JSON.parse(await run('pnpm', args, { cwd: root })) as Packed[];
  return packed;
}

/** What a tarball must not hold, and what it lacks. */
export function findContentMistakes(name: string, paths: readonly string[]): string[] {
  const stray = paths.filter((path) => /^(src|test)\/|\.test\.|\.tsbuildinfo$|\.map$/.test(path));
  const missing = ['LICENSE', 'README.md', 'package.json'].filter((path) => !paths.includes(path));
  return [
    ...stray.map((path) => `the tarball of ${name} contains ${path}`),
    ...missing.map((path) => `the tarball of ${name} lacks ${path}`),
  ];
}
