import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import { readPast } from '../../src/journal/past.ts';
import { readEvents } from '../../src/journal/read.ts';
import { counted, journalFolder, record, recorded, seqs } from './harness.ts';

const small = { maxSizeBytes: 1000, maxFiles: 3 };

test('an event is a line of JSON in a file that is closed to others, before anybody hears of it', async () => {
  const folder = await journalFolder();
  const { bus, clock } = record(folder);
  const file = join(folder, '0000000000000001.ndjson');
  const heard: string[] = [];
  bus.listen(() => heard.push(readFileSync(file, 'utf8')));
  bus.append('manager.closing', { why: 'twö\nlines' });
  expect(readdirSync(dirname(dirname(folder)))).toEqual([]);
  bus.deliver();
  expect(heard).toEqual([`{"seq":1,"at":${clock.wall()},"type":"manager.closing","data":{"why":"twö\\nlines"}}\n`]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('the next one goes on counting in the same file', async () => {
  const folder = await journalFolder();
  record(folder).say(3, 'the first');
  const next = record(folder);
  expect(next.bus.log.start).toBe(3);
  next.say(2, 'the second');
  expect(seqs(await recorded(folder))).toEqual(counted(1, 5));
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a file is followed by another before it gets too long, and the oldest goes', async () => {
  const folder = await journalFolder();
  const { say } = record(folder, small);
  for (let turn = 0; turn < 200; turn += 1) say(1 + (turn % 3));
  const files = readdirSync(folder);
  expect(files).toHaveLength(3);
  for (const file of files) expect(statSync(join(folder, file)).size).toBeLessThanOrEqual(1000);
  const kept = seqs(await recorded(folder));
  expect(kept).toEqual(counted(kept[0] as number, 399));
  expect(files[0]).toBe(`${String(kept[0]).padStart(16, '0')}.ndjson`);
});

test('a turn that states more than a file may have is not cut', async () => {
  const folder = await journalFolder();
  const { say } = record(folder, small);
  say(1);
  say(100);
  say(1);
  expect(readdirSync(folder)).toEqual([1, 2, 102].map((seq) => `${String(seq).padStart(16, '0')}.ndjson`));
  expect(seqs(await recorded(folder))).toEqual(counted(1, 102));
});

test('a turn that states more than memory keeps is recorded all the same', async () => {
  const folder = await journalFolder();
  const { bus, say } = record(folder);
  say(30_000);
  expect(bus.log.first).toBeGreaterThan(10_000);
  expect(seqs(await recorded(folder))).toEqual(counted(1, 30_000));
});

test('a reader that is slow gets what is written meanwhile', async () => {
  const folder = await journalFolder();
  const { bus, say } = record(folder, { ...small, maxFiles: 1000 });
  say(12_000);
  const seen: number[] = [];
  for await (const { seq } of bus.past(0)) {
    seen.push(seq);
    if (seq === 10 || seq === 6000) say(12_000);
  }
  expect(seen).toEqual(counted(1, bus.log.first - 1));
  expect(bus.log.first).toBeGreaterThan(20_000);
});

test('what is rotated away under a reader shows as a gap', async () => {
  const folder = await journalFolder();
  record(folder, small).say(1);
  const { bus, say } = record(folder, small);
  for (let turn = 0; turn < 20; turn += 1) say(1000);
  const seen: number[] = [];
  for await (const { seq } of readEvents(folder, 0)) {
    if (seen.push(seq) === 1) for (let turn = 0; turn < 20; turn += 1) say(1);
  }
  expect(seen[0]).toBeGreaterThan(1000);
  expect(seen.at(-1)).toBeLessThan(bus.log.cursor);
  expect(seqs(await recorded(folder)).at(-1)).toBe(bus.log.cursor);
});

test('reading begins at the cursor, whatever file it is in', async () => {
  const folder = await journalFolder();
  const { say } = record(folder, { ...small, maxFiles: 100 });
  for (let turn = 0; turn < 100; turn += 1) say(1);
  for (const after of [0, 1, 49, 50, 51, 98, 99, 100, 1000]) {
    expect(seqs(await recorded(folder, after))).toEqual(counted(after + 1, 100));
  }
});

test('a fault is stated once, memory keeps what is said, and all of it is written when that is possible again', async () => {
  const folder = await journalFolder();
  const { bus, clock, say } = record(folder);
  const heard: ManagerEvent[] = [];
  bus.listen((event) => heard.push(event));
  // A file in its place: not even root can make a folder there.
  mkdirSync(dirname(folder));
  writeFileSync(folder, '');
  say(2);
  say(2);
  rmSync(folder);
  say(2);
  expect(heard.filter(({ type }) => type.startsWith('journal.'))).toEqual([
    expect.objectContaining({
      type: 'journal.fault',
      data: { message: expect.stringMatching(/^cannot write to .*: E/) },
    }),
  ]);
  await clock.advance(1000);
  say(1);
  expect(heard.at(-1)).toMatchObject({ seq: 9, type: 'journal.resumed', data: { lost: 0 } });
  const events = await recorded(folder);
  expect(events).toEqual(heard);
  expect(seqs(events)).toEqual(counted(1, 9));
});

test('what memory has forgotten before it could be written is counted, and shows as a gap', async () => {
  const folder = await journalFolder();
  const { bus, clock, say } = record(folder);
  mkdirSync(dirname(folder));
  writeFileSync(folder, '');
  say(1);
  say(25_000);
  rmSync(folder);
  await clock.advance(1000);
  say(1);
  const events = await recorded(folder);
  const lost = (events[0]?.seq as number) - 1;
  expect(lost).toBeGreaterThan(10_000);
  expect(events.at(-1)).toMatchObject({ type: 'journal.resumed', data: { lost } });
  expect(seqs(events)).toEqual(counted(lost + 1, bus.log.cursor));
});

test('it tries once more when it ends, and then is quiet', async () => {
  const folder = await journalFolder();
  const { bus, say } = record(folder);
  mkdirSync(dirname(folder));
  writeFileSync(folder, '');
  say(3);
  rmSync(folder);
  bus.endJournal();
  say(3);
  expect((await recorded(folder)).map(({ type }) => type)).toEqual([
    ...Array(3).fill('manager.closing'),
    'journal.fault',
    'journal.resumed',
  ]);
});

test('what fits into no line leaves its number and its type', async () => {
  const folder = await journalFolder();
  const { bus } = record(folder);
  const circle: { why: string; self?: unknown } = { why: 'round' };
  circle.self = circle;
  const data = [circle, { why: 12n }, { why: 'x'.repeat(2 ** 20) }, ['why'], { why: 'ok' }, { toJSON: () => 'why' }];
  for (const one of data) bus.append('manager.closing', one as never);
  bus.deliver();
  const omitted = (reason: RegExp) => ({
    type: 'journal.omitted',
    data: { type: 'manager.closing', reason: expect.stringMatching(reason) },
  });
  expect(await recorded(folder)).toMatchObject([
    omitted(/circular/),
    omitted(/BigInt/),
    omitted(/it has \d+ bytes/),
    omitted(/no object/),
    { seq: 5, data: { why: 'ok' } },
    omitted(/no object/),
  ]);
});

test('lines that are no events are passed over, and a number that stands there twice is told once', async () => {
  const folder = await journalFolder();
  record(folder).say(2);
  const [name = ''] = readdirSync(folder);
  const file = join(folder, name);
  const foreign = [
    readFileSync(file, 'utf8').trimEnd(),
    '',
    'hello',
    'null',
    '{"seq":3}',
    '{"seq":4,"at":0,"type":"x","data":null}',
    '{"seq":1e400,"at":0,"type":"x","data":{}}',
    '\u0000'.repeat(100),
  ];
  appendFileSync(file, `${foreign.join('\n')}\n`);
  writeFileSync(join(folder, 'notes.txt'), 'not ours');
  writeFileSync(join(folder, '1.ndjson'), 'not ours');
  expect(readPast(folder).last).toBe(2);
  record(folder).say(2);
  expect(seqs(await recorded(folder))).toEqual(counted(1, 4));
});

test('a journal of which nothing can be read goes on with the number that its file is named by', async () => {
  const folder = await journalFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '0000000000000500.ndjson'), 'rubbish\n'.repeat(50_000));
  const { bus, say } = record(folder);
  expect(bus.log.start).toBe(499);
  say(1);
  expect(seqs(await recorded(folder))).toEqual([500]);
});

test('a file that somebody takes away is made anew', async () => {
  const folder = await journalFolder();
  record(folder).say(5);
  const { say, bus } = record(folder);
  renameSync(folder, `${folder}.away`);
  say(2);
  expect(seqs(await recorded(folder))).toEqual([6, 7]);
  expect(bus.log.cursor).toBe(7);
});
