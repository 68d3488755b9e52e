import { describe, expect, test } from 'vitest';
import type { OutputLine } from '../../src/contract/process.ts';
import { bytes, testStore } from './harness.ts';

const texts = (lines: readonly OutputLine[]): string[] => lines.map((line) => line.text);

test('a line tells where it came from', async () => {
  const { store, clock } = await testStore();
  await clock.advance(5);
  store.write('err', bytes('oh no\n'));
  expect(store.page({}).lines).toEqual([
    { seq: 1, at: clock.wall(), name: 'web', generation: 1, stream: 'err', text: 'oh no' },
  ]);
});

test('stdout and stderr keep their own unfinished lines; a line counts when it ends', async () => {
  const { store } = await testStore();
  store.write('out', bytes('rea'));
  store.write('err', bytes('warning\nmo'));
  store.write('out', bytes('dy\n'));
  store.write('err', bytes('re\n'));
  expect(store.page({}).lines.map(({ seq, stream, text }) => [seq, stream, text])).toEqual([
    [1, 'err', 'warning'],
    [2, 'out', 'ready'],
    [3, 'err', 'more'],
  ]);
});

test('numbers go on across incarnations, and unfinished lines end with their own', async () => {
  const { store } = await testStore();
  store.write('out', bytes('one\ntw'));
  store.write('err', bytes('three'));
  store.flush();
  store.begin(2);
  store.write('out', bytes('four\n'));
  expect(store.page({}).lines.map(({ seq, generation, text }) => [seq, generation, text])).toEqual([
    [1, 1, 'one'],
    [2, 1, 'tw'],
    [3, 1, 'three'],
    [4, 2, 'four'],
  ]);
  expect(store.tail(10)).toEqual(['four']);
});

test('a page is the newest, what comes after a cursor, or one stream', async () => {
  const { store } = await testStore();
  for (let i = 1; i <= 10; i += 1) store.write(i % 2 === 0 ? 'err' : 'out', bytes(`line ${i}\n`));
  expect(texts(store.page({ tail: 2 }).lines)).toEqual(['line 9', 'line 10']);
  expect(store.page({ tail: 0 })).toEqual({ lines: [], cursor: 10, dropped: 0 });
  expect(texts(store.page({ after: 8 }).lines)).toEqual(['line 9', 'line 10']);
  expect(texts(store.page({ after: 2, tail: 1 }).lines)).toEqual(['line 10']);
  expect(texts(store.page({ stream: 'err', tail: 2 }).lines)).toEqual(['line 8', 'line 10']);
  expect(texts(store.page({ stream: 'out', after: 6 }).lines)).toEqual(['line 7', 'line 9']);
  expect(store.page({ after: 2, head: 3 })).toMatchObject({ cursor: 5, lines: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] });
  expect(store.page({ after: 2, head: 3, stream: 'err' })).toMatchObject({ cursor: 5, lines: [{ seq: 4 }] });
  expect(store.page({ after: 8, head: 3 })).toMatchObject({ cursor: 10, lines: [{ seq: 9 }, { seq: 10 }] });
  expect(store.page({ after: 10 })).toEqual({ lines: [], cursor: 10, dropped: 0 });
  expect(store.page({ after: 99 })).toEqual({ lines: [], cursor: 10, dropped: 0 });
});

test('following by cursor gives every line once, whatever the chunks', async () => {
  const { store } = await testStore();
  const seen: string[] = [];
  let cursor = 0;
  using _ = store.onChunk(() => {
    const page = store.page({ after: cursor });
    seen.push(...texts(page.lines));
    cursor = page.cursor;
    expect(page.dropped).toBe(0);
  });
  const all = Array.from({ length: 2000 }, (_, i) => `line ${i}`);
  const content = bytes(`${all.join('\n')}\n`);
  for (let start = 0; start < content.length; start += 37) store.write('out', content.subarray(start, start + 37));
  expect(seen).toEqual(all);
});

test('the ring keeps the newest lines whole, and says how many are gone', async () => {
  const { store } = await testStore({ ringBytes: 4096 });
  for (let i = 1; i <= 1000; i += 1) store.write('out', bytes(`line ${i}\n`));
  const { lines, cursor, dropped } = store.page({ after: 0 });
  expect(cursor).toBe(1000);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length + dropped).toBe(1000);
  expect(texts(lines)).toEqual(Array.from(lines, (_, i) => `line ${1001 - lines.length + i}`));
});

test('a line whose beginning is gone is gone', async () => {
  const { store } = await testStore({ ringBytes: 1024 });
  store.write('err', bytes('x'.repeat(900)));
  store.write('out', bytes(`${'y'.repeat(90)}\n`.repeat(9)));
  store.write('err', bytes('end\nnext\n'));
  const { lines, dropped } = store.page({ after: 0 });
  expect(texts(lines).at(-1)).toBe('next');
  expect(texts(lines)).not.toContain(expect.stringMatching(/x|end/));
  expect(lines.length + dropped).toBe(11);
});

test('random writes read back as they were written, from any cursor', async () => {
  const { store, clock } = await testStore({ ringBytes: 8192 });
  let seed = 3;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const partial = { out: '', err: '' };
  const written: string[] = [];
  for (let i = 0; i < 3000; i += 1) {
    const stream = random(3) === 0 ? 'err' : 'out';
    const text = Array.from({ length: random(40) }, () =>
      random(12) === 0 ? '\n' : String.fromCharCode(97 + random(26)),
    ).join('');
    const chunk = random(100) === 0 ? text.repeat(100) : text;
    const pieces = (partial[stream] + chunk).split('\n');
    partial[stream] = pieces.pop() ?? '';
    written.push(...pieces.map((piece) => `${stream} ${piece}`));
    store.write(stream, bytes(chunk));
    if (random(4) === 0) await clock.advance(1);
    if (i % 50 !== 0) continue;
    const after = Math.max(0, written.length - random(300));
    const page = store.page({ after });
    expect(page.cursor).toBe(written.length);
    expect(page.lines.length + page.dropped).toBe(written.length - after);
    for (const line of page.lines) expect(`${line.stream} ${line.text}`).toBe(written[line.seq - 1]);
  }
}, 60_000);

test('onLine gets each line, frozen, from when it is set', async () => {
  const { store } = await testStore({ ringBytes: 1024 });
  store.write('out', bytes('unheard\nhal'));
  const seen: OutputLine[] = [];
  store.onLine = (line) => seen.push(line);
  store.write('out', bytes(`f\n${'many\n'.repeat(1000)}`));
  store.flush();
  expect(seen).toHaveLength(1001);
  expect(seen[0]).toMatchObject({ seq: 2, text: 'half', stream: 'out', name: 'web', generation: 1 });
  expect(Object.isFrozen(seen[0])).toBe(true);
  store.onLine = undefined;
  store.write('out', bytes('unheard again\n'));
  expect(seen).toHaveLength(1001);
});

test('a disposed listener of chunks is not called', async () => {
  const { store } = await testStore();
  let calls = 0;
  const listening = store.onChunk(() => {
    calls += 1;
  });
  store.write('out', bytes('x'));
  listening[Symbol.dispose]();
  store.write('out', bytes('x'));
  expect(calls).toBe(1);
});

describe('another size of the memory', () => {
  const lines = (from: number, to: number): string[] => {
    return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
  };

  test.each([
    [64 << 10, 256 << 10, 1],
    [64 << 10, 64 << 10, 1],
    [64 << 10, 2 << 10, undefined],
  ])('from %i to %i bytes keeps the newest lines and their numbers', async (before, after, oldest) => {
    const { store } = await testStore({ ringBytes: before });
    for (const line of lines(1, 200)) store.write('out', bytes(`${line}\n`));
    store.write('out', bytes('begun'));
    store.configure({
      mode: 'pipe',
      format: 'raw',
      compress: false,
      ringBytes: after,
      maxSizeBytes: 1000,
      maxFiles: 1,
    });
    store.write('out', bytes(' and ended\n'));
    const { lines: kept, cursor } = store.page({});
    expect(cursor).toBe(201);
    expect(kept.at(-1)).toMatchObject({ seq: 201, text: 'begun and ended' });
    if (oldest !== undefined) expect(kept[0]?.seq).toBe(oldest);
    expect(kept.length).toBeGreaterThan(5);
    expect(texts(kept).slice(0, -1)).toEqual(lines(kept[0]?.seq as number, 200));
  });
});
