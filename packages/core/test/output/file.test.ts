import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { fixture, start } from '../process/harness.ts';
import { bytes, testFolder, testStore } from './harness.ts';

test('the file has the raw bytes of both streams, in the order in which they came', async () => {
  const { store, file } = await testStore();
  store.write('out', Uint8Array.of(0xff, 0x00, 10));
  store.write('err', bytes('oh\r\n'));
  store.write('out', bytes('end'));
  store.flush();
  expect(readFileSync(file)).toEqual(Buffer.concat([Uint8Array.of(0xff, 0x00, 10), bytes('oh\r\nend')]));
});

test('it goes on with the file that is there', async () => {
  const { store, file } = await testStore();
  mkdirSync(dirname(file));
  await writeFile(file, 'before\n');
  store.write('out', bytes('after\n'));
  expect(readFileSync(file, 'utf8')).toBe('before\nafter\n');
});

test('nothing is made before something is written', async () => {
  const { file } = await testStore();
  expect(existsSync(dirname(file))).toBe(false);
});

test('it is rotated before it gets too long, and the oldest goes', async () => {
  const { store, file } = await testStore({ maxSizeBytes: 20, maxFiles: 2 });
  for (let i = 1; i <= 9; i += 1) store.write('out', bytes(`line ${i}.\n`));
  expect(await readdir(dirname(file))).toEqual(['web.log', 'web.log.1', 'web.log.2']);
  expect(readFileSync(`${file}.2`, 'utf8')).toBe('line 5.\nline 6.\n');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('line 7.\nline 8.\n');
  expect(readFileSync(file, 'utf8')).toBe('line 9.\n');
});

test('without rotated files it begins anew', async () => {
  const { store, file } = await testStore({ maxSizeBytes: 20, maxFiles: 0 });
  for (let i = 1; i <= 5; i += 1) store.write('out', bytes(`line ${i}.\n`));
  expect(await readdir(dirname(file))).toEqual(['web.log']);
  expect(readFileSync(file, 'utf8')).toBe('line 5.\n');
});

test('a chunk longer than a file may be is not cut', async () => {
  const { store, file } = await testStore({ maxSizeBytes: 20, maxFiles: 1 });
  store.write('out', bytes('x'.repeat(50)));
  store.write('out', bytes('y\n'));
  expect([statSync(`${file}.1`).size, readFileSync(file, 'utf8')]).toEqual([50, 'y\n']);
});

test('what is not a regular file is written to, and never renamed', async () => {
  const fifo = join(await testFolder(), 'fifo');
  expect((await start('mkfifo', [fifo]).exited).code).toBe(0);
  const reader = start('cat', [fifo]);
  const { store } = await testStore({ file: fifo, maxSizeBytes: 5, maxFiles: 2 });
  for (let i = 0; i < 5; i += 1) store.write('out', bytes('0123456789'));
  store.close();
  await reader.exited;
  expect(reader.output()).toBe('0123456789'.repeat(5));
  expect(await readdir(dirname(fifo))).toEqual(['fifo']);
});

test('a full disk is told once, costs no line of the ring, and the loss is told at the end', async () => {
  const { store, faults } = await testStore({ file: '/dev/full' });
  for (let i = 0; i < 100; i += 1) store.write('out', bytes('0123456789'));
  expect(faults).toEqual([expect.stringMatching(/^cannot write to \/dev\/full: ENOSPC/)]);
  store.flush();
  expect(store.tail(1)[0]).toHaveLength(1000);
  store.close();
  expect(faults.slice(1)).toEqual(['1000 bytes of output were not written to /dev/full']);
});

test('writing goes on when it is possible again', async () => {
  const { store, clock, file, faults } = await testStore();
  // A folder in its place: not even root can write to that.
  mkdirSync(file, { recursive: true });
  store.write('out', bytes('lost\n'));
  store.write('out', bytes('lost too\n'));
  rmdirSync(file);
  store.write('out', bytes('not tried yet\n'));
  await clock.advance(1000);
  store.write('out', bytes('kept\n'));
  expect(readFileSync(file, 'utf8')).toBe('kept\n');
  expect(faults).toEqual([
    expect.stringMatching(/^cannot write to .*web\.log: EISDIR/),
    `28 bytes of output were not written to ${file}`,
  ]);
  expect(store.page({}).lines).toHaveLength(4);
});

test('what fits is written: the number tells exactly what is missing', async () => {
  const { exited, output } = start('sh', ['-c', 'ulimit -f 1; exec node "$0"', fixture('file-limit.ts')]);
  expect((await exited).code).toBe(0);
  const { size, faults } = JSON.parse(output());
  expect(size).toBeGreaterThan(0);
  expect(faults).toEqual([
    expect.stringMatching(/EFBIG/),
    expect.stringMatching(new RegExp(`^${3000 - size} bytes of output were not written`)),
  ]);
});

test('a rotation that fails is a fault, not a crash', async () => {
  const { store, file, faults } = await testStore({ maxSizeBytes: 10 });
  mkdirSync(join(`${file}.1`, 'in-the-way'), { recursive: true });
  mkdirSync(join(`${file}.2`, 'in-the-way'), { recursive: true });
  store.write('out', bytes('0123456789'));
  store.write('out', bytes('0123456789'));
  expect(faults).toHaveLength(1);
  store.flush();
  expect(store.tail(1)).toEqual(['01234567890123456789']);
});
