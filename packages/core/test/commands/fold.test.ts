import { expect, test } from 'vitest';
import { foldFromNewest } from '../../src/commands/fold.ts';
import { lines } from './line.ts';

const folded = (...texts: readonly string[]): readonly string[] =>
  foldFromNewest(lines(...texts))
    .map(({ text }) => text)
    .toArray()
    .reverse();

test('three and more lines of one kind are one, which knows all of its lines', () => {
  const all = foldFromNewest(
    lines('begin', ...Array.from({ length: 37 }, (_, i) => `job ${i} done in ${i}.5 ms`), 'end'),
  );
  expect(all.toArray().reverse()).toEqual([
    expect.objectContaining({ seq: 1, text: 'begin' }),
    expect.objectContaining({ seq: 38, firstSeq: 2, repeats: 37, text: 'job 36 done in 36.5 ms ×37' }),
    expect.objectContaining({ seq: 39, text: 'end' }),
  ]);
});

test('two are two', () => {
  expect(folded('job 1 done', 'job 2 done')).toEqual(['job 1 done', 'job 2 done']);
});

test.for<[string, readonly string[]]>([
  [
    'frames of a traceback',
    ['  File "a.py", line 1, in f', '  File "a.py", line 1, in f', '  File "a.py", line 1, in f'],
  ],
  ['numbers', ['1', '2', '3']],
  ['paths alone', ['/srv/a/b', '/srv/a/c', '/srv/a/d']],
  ['empty lines', ['', '', '']],
  ['requests for different things', ['"GET /a/b HTTP/1.1" 200', '"GET /a/c HTTP/1.1" 200', '"GET /a/d HTTP/1.1" 200']],
  ['answers that differ', ['"GET /a HTTP/1.1" 200', '"GET /a HTTP/1.1" 500', '"GET /a HTTP/1.1" 200']],
  ['levels that differ', ['{"level":30,"msg":"a"}', '{"level":50,"msg":"a"}', '{"level":30,"msg":"a"}']],
])('%s are no repeats', ([, texts]) => {
  expect(folded(...texts)).toEqual(texts);
});

test('the same request again and again is a repeat', () => {
  expect(folded(...Array(4).fill('127.0.0.1 - - [26/Nov] "GET /a?b=1 HTTP/1.1" 200 -'))).toEqual([
    '127.0.0.1 - - [26/Nov] "GET /a?b=1 HTTP/1.1" 200 - ×4',
  ]);
});

test('lines of different streams or runs are not folded together', () => {
  const told = lines('tick', 'tick', 'tick', 'tick').map((line, index) => ({
    ...line,
    generation: index < 2 ? 1 : 2,
  }));
  expect(foldFromNewest(told).toArray()).toHaveLength(4);
  const mixed = lines('tick', 'tick', 'tick').map((line, index) => ({
    ...line,
    stream: index === 1 ? ('err' as const) : ('out' as const),
  }));
  expect(foldFromNewest(mixed).toArray()).toHaveLength(3);
});
