import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Rotation } from '../../src/output/rotation.ts';
import { bytes, testFolder, testStore } from './harness.ts';

const unzipped = (file: string): string => gunzipSync(readFileSync(file)).toString();

test('rotated files are compressed, and what is in them is whole', async () => {
  const { store, file } = await testStore({ maxSizeBytes: 20, maxFiles: 3, compress: true });
  // Faster than they can be compressed.
  for (let i = 1; i <= 9; i += 1) store.write('out', bytes(`line ${i}.\n`));
  await expect.poll(() => readdir(dirname(file))).toEqual(['web.log', 'web.log.1.gz', 'web.log.2.gz', 'web.log.3.gz']);
  expect([3, 2, 1].map((index) => unzipped(`${file}.${index}.gz`)).join('')).toBe(
    'line 3.\nline 4.\nline 5.\nline 6.\nline 7.\nline 8.\n',
  );
  store.write('out', bytes('line 10.\nline 11.\n'));
  await expect.poll(() => existsSync(`${file}.1`)).toBe(false);
  expect(unzipped(`${file}.1.gz`)).toBe('line 9.\n');
  expect(unzipped(`${file}.3.gz`)).toBe('line 5.\nline 6.\n');
});

test('a file that moves on while it is compressed keeps its place', async () => {
  const file = join(await testFolder(), 'web.log');
  const faults: string[] = [];
  const rotation = new Rotation(file, { maxFiles: 3, compress: true }, (message) => faults.push(message));
  const turn = (text: string): void => {
    writeFileSync(file, text);
    rotation.rotate();
  };
  turn('a'.repeat(3_000_000));
  turn('b');
  turn('c');
  await expect.poll(() => readdir(dirname(file))).toEqual(['web.log.1.gz', 'web.log.2.gz', 'web.log.3.gz']);
  expect([1, 2, 3].map((index) => unzipped(`${file}.${index}.gz`)[0])).toEqual(['c', 'b', 'a']);
  turn('d');
  await expect.poll(() => readdir(dirname(file))).toEqual(['web.log.1.gz', 'web.log.2.gz', 'web.log.3.gz']);
  expect([1, 2, 3].map((index) => unzipped(`${file}.${index}.gz`)[0])).toEqual(['d', 'c', 'b']);
  expect(faults).toEqual([]);
});

test('what a killed manager has left half compressed is compressed by the next', async () => {
  const folder = await testFolder();
  const file = join(folder, 'web.log');
  // Cut off before the end, before the new name, and before the old one was removed.
  writeFileSync(`${file}.gz.part`, 'torn');
  writeFileSync(`${file}.1`, 'one\n');
  const whole = new Rotation(file, { maxFiles: 3, compress: true }, expect.unreachable);
  writeFileSync(`${file}.2`, 'two\n');
  whole.heal();
  await expect.poll(() => readdir(folder)).toEqual(['web.log.1.gz', 'web.log.2.gz']);
  writeFileSync(`${file}.2`, 'two\n');
  whole.heal();
  expect(await readdir(folder)).toEqual(['web.log.1.gz', 'web.log.2.gz']);
  expect(unzipped(`${file}.2.gz`)).toBe('two\n');
});

test('an end in the middle leaves the file as it was', async () => {
  const folder = await testFolder();
  const file = join(folder, 'web.log');
  const rotation = new Rotation(file, { maxFiles: 2, compress: true }, expect.unreachable);
  closeSync(openSync(file, 'w'));
  writeFileSync(file, 'x'.repeat(5_000_000));
  rotation.rotate();
  rotation.close();
  await expect.poll(() => readdir(folder)).toEqual(['web.log.1']);
  expect(readFileSync(`${file}.1`, 'utf8')).toHaveLength(5_000_000);
});

test('records of lines, with what stream and run they are of, across chunks, to the end of a run', async () => {
  const { store, clock, file } = await testStore({ format: 'json' });
  store.write('out', bytes('be'));
  store.write('err', bytes('\u001B[31moh\u001B[0m\n'));
  store.write('out', bytes('gun\nrest'));
  store.begin(2);
  store.write('out', bytes('next\n'));
  const records = readFileSync(file, 'utf8').trimEnd().split('\n');
  const at = clock.wall();
  expect(records.map((record) => JSON.parse(record))).toEqual([
    { seq: 1, at, name: 'web', generation: 1, stream: 'err', text: '\u001B[31moh\u001B[0m' },
    { seq: 2, at, name: 'web', generation: 1, stream: 'out', text: 'begun' },
    { seq: 3, at, name: 'web', generation: 1, stream: 'out', text: 'rest' },
    { seq: 4, at, name: 'web', generation: 2, stream: 'out', text: 'next' },
  ]);
  expect(store.page({}).lines).toEqual(records.map((record) => JSON.parse(record)));
});
