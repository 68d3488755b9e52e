import { expect, test } from 'vitest';
import { random } from '../../../../test-support/random.ts';
import type { Written } from '../../src/commands/pages.ts';
import { compilePattern } from '../../src/commands/pattern.ts';
import { type Found, type Sought, search } from '../../src/commands/search.ts';
import { bytes, testStore } from '../output/harness.ts';

const { signal } = new AbortController();
const everything: Sought = {
  after: undefined,
  span: 1_000_000,
  stream: 'all',
  contextLines: 0,
  level: undefined,
  pattern: undefined,
  hidden: [],
};

/** What has written these lines, with so much memory. */
async function written(texts: readonly string[], ringBytes = 64 << 20): Promise<Written> {
  const { store } = await testStore({ ringBytes });
  store.write('out', bytes(texts.map((text) => `${text}\n`).join('')));
  return { logs: (query) => store.page(query) };
}

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `line ${index + 1}`);
const find = async (process: Written, sought: Partial<Sought>): Promise<Found> =>
  search(process, { ...everything, ...sought }, signal);
const seqs = ({ lines }: Found): readonly number[] => lines.map(({ seq }) => seq);

test('lines are looked at page by page, each once', async () => {
  const process = await written(numbered(4345));
  expect(seqs(await find(process, {}))).toEqual(Array.from({ length: 4345 }, (_, index) => index + 1));
  expect(seqs(await find(process, { after: 4340 }))).toEqual([4341, 4342, 4343, 4344, 4345]);
  expect(await find(process, { after: 4345 })).toEqual({ lines: [], dropped: 0, hidden: 0, isCut: false });
});

test('of more than the span the newest are looked at, and it is said', async () => {
  const process = await written(numbered(100));
  const found = await find(process, { span: 3 });
  expect(seqs(found)).toEqual([98, 99, 100]);
  expect(found.isCut).toBe(true);
  expect((await find(process, { span: 3, after: 97 })).isCut).toBe(false);
});

test('context goes over the ends of pages, and overlaps once', async () => {
  const process = await written(numbered(4200));
  const pattern = await compilePattern('line (2000|2002|4200)$');
  expect(seqs(await find(process, { pattern, contextLines: 2 }))).toEqual([
    1998, 1999, 2000, 2001, 2002, 2003, 2004, 4198, 4199, 4200,
  ]);
});

test('what the memory no longer holds is counted exactly', async () => {
  const { store } = await testStore({ ringBytes: 4096 });
  for (let line = 1; line <= 1000; line += 1) store.write('out', bytes(`line ${line}\n`));
  const process = { logs: store.page.bind(store) };
  const kept = store.page({ after: 0 });
  expect(kept.dropped).toBeGreaterThan(0);
  expect(await find(process, { after: 0 })).toMatchObject({ dropped: kept.dropped, lines: kept.lines });
  expect((await find(process, { after: 100 })).dropped).toBe(kept.dropped - 100);
  expect((await find(process, {})).dropped).toBe(0);
});

test('of what is found without end the newest are kept', async () => {
  const process = await written(numbered(50_000));
  const found = await find(process, {});
  expect(found.lines.length).toBeLessThan(20_000);
  expect(found.lines.at(-1)?.seq).toBe(50_000);
  expect(found.isCut).toBe(true);
});

test('a long search leaves others their turns, and ends when nobody needs it any more', async () => {
  const process = await written(numbered(200_000));
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await find(process, { level: 'error' });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
  const gone = new AbortController();
  const long = search(process, { ...everything, level: 'error' }, gone.signal);
  gone.abort(new Error('disconnected'));
  await expect(long).rejects.toThrow('disconnected');
});

test('lines of one stream are looked at alone, wherever pages end', async () => {
  const { store } = await testStore({ ringBytes: 8 << 20 });
  const next = random(11);
  const expected: number[] = [];
  for (let line = 1; line <= 9000; line += 1) {
    const stream = next() < 0.1 ? 'err' : 'out';
    if (stream === 'err') expected.push(line);
    store.write(stream, bytes(`line ${line}\n`));
  }
  expect(seqs(await find({ logs: store.page.bind(store) }, { stream: 'err', after: 0 }))).toEqual(expected);
});
