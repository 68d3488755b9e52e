// `pnpm check`: all that is judged without running the tests. Every check runs, also after one has failed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './checks/command.ts';
import { findExampleMistakes } from './checks/config-examples.ts';
import { tryAsConsumer } from './checks/consumer.ts';
import { compileCodeBlocks, findPageMistakes, readPages } from './checks/docs.ts';
import { findOutdated } from './checks/generated.ts';
import { findImportMistakes } from './checks/imports.ts';
import { findLongFiles } from './checks/lengths.ts';
import { readSources } from './checks/source.ts';
import { judgeTarballs, packPackages, type Tarball } from './checks/tarballs.ts';

const root = join(import.meta.dirname, '..');
process.chdir(root);
const folder = mkdtempSync(join(tmpdir(), 'promptbin-check-'));

let packed: Promise<Tarball[]> | undefined;
function pack(): Promise<Tarball[]> {
  packed ??= packPackages(root, join(folder, 'tarballs'));
  return packed;
}

/** Each resolves with the mistakes it found, or throws what went wrong. */
const checks: Readonly<Record<string, () => Promise<unknown>>> = {
  types: () => run('tsc', ['-b']),
  'lint and format': () => run('biome', ['check', '.', '--error-on-warnings', '--colors=off']),
  'import rules': async () => expectNone(findImportMistakes(readSources(root))),
  'file lengths': async () => expectNone(findLongFiles(readSources(root))),
  'generated files': async () => expectNone(findOutdated(root)),
  docs: async () => expectNone(findPageMistakes(root, readPages(root))),
  'code in docs': () => compileCodeBlocks(root, join(folder, 'docs'), readPages(root)),
  'configs in docs': async () => expectNone(await findExampleMistakes(root, join(folder, 'configs'), readPages(root))),
  'unused code': () => run('knip', ['--no-progress', '--no-config-hints']),
  'packed tarballs': async () => expectNone(await judgeTarballs(await pack())),
  'fresh install': async () => tryAsConsumer(root, join(folder, 'project'), await pack()),
};

try {
  for (const [name, check] of Object.entries(checks)) await report(name, check);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function report(name: string, check: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  try {
    await check();
    console.log(`ok    ${name} (${seconds()})`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAIL  ${name} (${seconds()})\n${error instanceof Error ? error.message : error}\n`);
  }
}

function expectNone(mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
}
