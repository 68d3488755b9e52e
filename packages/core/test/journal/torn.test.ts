import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPast } from '../../src/journal/past.ts';
import { counted, journalFolder, record, recorded, seqs } from './harness.ts';

async function written(why: string): Promise<{ folder: string; file: string; bytes: Buffer }> {
  const folder = await journalFolder();
  const { say } = record(folder);
  for (let turn = 0; turn < 3; turn += 1) say(1, why);
  const file = join(folder, readdirSync(folder)[0] as string);
  return { folder, file, bytes: readFileSync(file) };
}

test('a journal that was cut at any byte goes on after its last whole line', async () => {
  const { folder, file, bytes } = await written('größer');
  for (let length = 0; length <= bytes.length; length += 1) {
    const cut = bytes.subarray(0, length);
    writeFileSync(file, cut);
    const whole = cut.lastIndexOf(10) + 1;
    const lines = cut.subarray(0, whole).toString().split('\n').length - 1;
    const past = readPast(folder);
    expect(past).toMatchObject({ last: lines, newest: { size: whole } });
    expect(past.torn?.bytes ?? 0).toBe(length - whole);
    const { bus, say } = record(folder);
    say(2);
    expect(seqs(await recorded(folder))).toEqual(counted(1, lines + 2));
    bus.endJournal();
    expect(readFileSync(file).indexOf(cut.subarray(0, whole))).toBe(0);
  }
});

test('what a power cut has left of a line, however long, is dropped', async () => {
  const { folder, file, bytes } = await written('a');
  for (const rest of [Buffer.alloc(4096), Buffer.alloc(300_000, '{"seq":4'), Buffer.from([0xc3])]) {
    writeFileSync(file, Buffer.concat([bytes, rest]));
    expect(readPast(folder)).toMatchObject({ last: 3, torn: { file, bytes: rest.length } });
    const { say, bus } = record(folder);
    say(1);
    bus.endJournal();
    expect(seqs(await recorded(folder))).toEqual([1, 2, 3, 4]);
  }
});

test('looking at the end of a journal changes nothing', async () => {
  const { folder, file, bytes } = await written('a');
  const cut = bytes.subarray(0, -5);
  writeFileSync(file, cut);
  readPast(folder);
  expect(readFileSync(file)).toEqual(cut);
});

test('a file that was made and not written to is gone on with', async () => {
  const folder = await journalFolder();
  record(folder).say(7);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '0000000000000008.ndjson'), '');
  const { bus, say } = record(folder);
  expect(bus.log.start).toBe(7);
  say(1);
  expect(seqs(await recorded(folder))).toEqual(counted(1, 8));
  expect(readdirSync(folder)).toHaveLength(2);
});
