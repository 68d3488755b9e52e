import { errorsOf, type OutputLine } from '@promptbin/core';
import { expect, test } from 'vitest';

let seq = 0;
const written = (stream: 'out' | 'err', ...texts: readonly string[]): readonly OutputLine[] =>
  texts.map((text) => {
    seq += 1;
    return { seq, at: seq * 1000, name: 'web', generation: 1, stream, text };
  });
const logged = (...texts: readonly string[]): readonly OutputLine[] => written('err', ...texts);

const boom = (line: number): readonly OutputLine[] =>
  logged(
    `[2026-11-26 04:${line}:01,120] ERROR in app: Exception on /boom [GET]`,
    'Traceback (most recent call last):',
    '  File "/app/.venv/lib/python3.11/site-packages/flask/app.py", line 1511, in wsgi_app',
    '    response = self.full_dispatch_request()',
    `  File "/app/app.py", line ${line}, in boom`,
    '    return 1 / 0',
    '           ~~^~~',
    'ZeroDivisionError: division by zero',
  );

test('a traceback is one error with the line that was logged with it, its own last call and the exception', () => {
  const lines = [...logged('INFO up'), ...boom(10), ...logged('INFO still up')];
  expect(errorsOf(lines)).toEqual([
    {
      signature: 'ZeroDivisionError: division by zero',
      message: 'ZeroDivisionError: division by zero',
      count: 1,
      firstSeq: lines[1]?.seq,
      lastSeq: lines[8]?.seq,
      firstAt: new Date(lines[1]?.at ?? 0).toISOString(),
      lastAt: new Date(lines[8]?.at ?? 0).toISOString(),
      sample: [
        '[2026-11-26 04:10:01,120] ERROR in app: Exception on /boom [GET]',
        '  File "/app/app.py", line 10, in boom',
        '    return 1 / 0',
        'ZeroDivisionError: division by zero',
      ],
    },
  ]);
});

test('errors of one kind are one group, and the newest group is the first', () => {
  const lines = [
    ...boom(10),
    ...logged('ERROR request 17 took 12 ms'),
    ...boom(12),
    ...logged('ERROR request 4 took 900 ms'),
  ];
  expect(errorsOf(lines)).toMatchObject([
    { message: 'ERROR request 4 took 900 ms', count: 2, firstSeq: lines[8]?.seq, lastSeq: lines.at(-1)?.seq },
    {
      message: 'ZeroDivisionError: division by zero',
      count: 2,
      sample: [
        expect.stringContaining('04:12'),
        '  File "/app/app.py", line 12, in boom',
        expect.anything(),
        expect.anything(),
      ],
    },
  ]);
});

test('a trace is found also when the other stream is written in between', () => {
  const [head, ...rest] = boom(10);
  const other = written('out', 'GET / 200', 'GET / 200');
  const mixed = [head, other[0], ...rest.slice(0, 3), other[1], ...rest.slice(3)] as readonly OutputLine[];
  expect(errorsOf(mixed)).toMatchObject([{ message: 'ZeroDivisionError: division by zero', count: 1 }]);
});

test.each([
  '2026-11-26 04:10:28 INFO retry after ERROR 503',
  'compiled with 0 errors',
  'WARNING: an Error: was handled',
  '{"level":30,"msg":"Error: handled"}',
  'level=info msg="an error: handled"',
  'no ErrorBoundary is needed',
  '127.0.0.1 - - [26/Nov/2026 04:10:28] "GET /error HTTP/1.1" 200 -',
])('%s is no error', (text) => {
  expect(errorsOf(logged(text))).toEqual([]);
});

test.each([
  'ERROR:root:no database',
  '2026-11-26 04:10:28,120 CRITICAL no disk',
  '{"level":50,"msg":"boom"}',
  'level=error msg=boom',
  '[error] connect() failed',
  'error: unknown option "--prot"',
  'npm error code ENOENT',
  'src/main.ts(3,7): error TS2322: Type "string" is not assignable to type "number".',
  'ValueError: boom',
])('%s is an error', (text) => {
  expect(errorsOf(logged(text))).toMatchObject([{ message: text, count: 1 }]);
});

test('colours and endless lines change nothing and take no time', () => {
  const hostile = [
    'a:1'.repeat(5000),
    '  at '.repeat(3000),
    ' '.repeat(16_000),
    'Error'.repeat(3000),
    '|'.repeat(16_000),
  ];
  const lines = Array.from({ length: 100 }, (_, index) => hostile[index % hostile.length] ?? '');
  const began = performance.now();
  expect(errorsOf(logged(...lines, '\u001B[31mERROR\u001B[0m boom'))).toContainEqual(
    expect.objectContaining({ message: 'ERROR boom' }),
  );
  expect(performance.now() - began).toBeLessThan(2000);
});
