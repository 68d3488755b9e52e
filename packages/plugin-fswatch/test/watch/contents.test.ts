import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@promptbin/core';
import { expect, it } from 'vitest';
import { Contents } from '../../src/watch/contents.ts';
import { temporaryFolder } from './folder.ts';

const names = ['a.py', 'b.py'];

/** Contents that know `files`, and what they say of some of them. */
async function known(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(files);
  const contents = new Contents();
  const at = (name: string) => join(folder, name);
  const changes = async (...some: string[]) =>
    (await contents.changesOf(some.map(at))).map(({ path, kind }) => `${kind} ${path.slice(folder.length + 1)}`);
  await changes(...Object.keys(files));
  return { contents, at, changes };
}

it('tells what is added, changed and removed, in the order of the question, and each once', async () => {
  const { at, changes } = await known({ 'a.py': '1', 'b.py': '1' });
  await writeFile(at('c.py'), '1');
  await writeFile(at('b.py'), '2');
  await rm(at('a.py'));
  expect(await changes('c.py', 'a.py', 'b.py')).toEqual(['added c.py', 'removed a.py', 'changed b.py']);
  expect(await changes('c.py', 'a.py', 'b.py')).toEqual([]);
});

it('takes for changed whatever it cannot compare', async () => {
  const { at, changes } = await known({ 'large.bin': 'x'.repeat(2_000_000), 'a.py': '1' });
  expect(await changes('large.bin')).toEqual(['changed large.bin']);
  await promisify(execFile)('mkfifo', [at('fifo')]);
  expect(await changes('fifo')).toEqual(['added fifo']);
  await rm(at('a.py'));
  await mkdir(at('a.py'));
  expect(await changes('a.py')).toEqual(['removed a.py']);
});

it('does not take for known what was written after the edits began to count', async () => {
  const { contents, at } = await known({});
  await writeFile(at('a.py'), '1');
  await systemClock.sleep(50);
  const since = Date.now();
  await systemClock.sleep(50);
  await writeFile(at('b.py'), '1');
  for (const name of names) contents.note(at(name), since);
  // What was written before is known after a moment, and what was written since never.
  const changesOf = async () => (await contents.changesOf(names.map(at))).map(({ path }) => path);
  await systemClock.sleep(500);
  await chmod(at('a.py'), 0o600);
  expect(await changesOf()).toEqual([at('b.py')]);
  expect(await changesOf()).toEqual([]);
});

it('compares many files at once', async () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`file${index}.py`, '1']));
  const { at, changes } = await known(many);
  await writeFile(at('file250.py'), '2');
  expect(await changes(...Object.keys(many))).toEqual(['changed file250.py']);
});
