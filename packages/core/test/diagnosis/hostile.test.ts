import { errorsOf, type OutputLine } from '@promptbin/core';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';

const longest = 16 * 1024;
const lines = (count: number, text: (index: number) => string): readonly OutputLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ seq: index + 1, at: 0, name: 'web', generation: 1, stream: 'err' as const },
    text: text(index),
  }));
const filled = (part: string): string => part.repeat(Math.ceil(longest / part.length)).slice(0, longest);

/** What patterns that go back over what they have read would take long for. */
const hostile = [
  'a',
  ' ',
  '\t',
  '1',
  '1.',
  '1.1.1.1:',
  'a: ',
  ': ',
  'a:1:',
  '(a:1',
  "('', ",
  'port ',
  'A_',
  'A_A is not ',
  'env ',
  'missing ',
  'required env ',
  'Error',
  'Error: ',
  'Caused by: ',
  'x.y.zException: ',
  '[error] [',
  '2026-01-01 ',
  'ERROR: ',
  '|+ ',
  '  File "a", line 1, in ',
  '    at a (',
  '\u001B[',
  '\u001B[0;',
  '-',
  '/a',
];

test.each(hostile)('16 KiB of %j in each line take no time', (part) => {
  const texts = [filled(part), `${filled(part)}`.slice(0, 300), `Error: ${filled(part)}`, `    at ${filled(part)}`];
  const written = lines(300, (index) => texts[index % texts.length] ?? '');
  const began = performance.now();
  diagnose(written, { code: 127 }, { port: 5000, folder: '/app' });
  errorsOf(written);
  // Some tens of ms on an idle machine; a pattern that goes back takes minutes.
  expect(performance.now() - began).toBeLessThan(3000);
});

test.each([
  ['beginnings of traces', () => 'Traceback (most recent call last):'],
  ['beginnings of traces that are set in', () => '  Traceback (most recent call last):'],
  [
    'calls without an end',
    (index: number) => (index === 0 ? 'Traceback (most recent call last):' : '  File "a.py", line 1'),
  ],
  ['places without a header', () => '  File "a.py", line 1'],
  ['headlines without calls', () => 'Error: boom:'],
  ['calls without a headline', () => '    at f (/app/a.js:1:1)'],
  ['panics without calls', () => 'panic: boom'],
  [
    'chains',
    (index: number) =>
      [
        'Traceback (most recent call last):',
        'E: x',
        '',
        'The above exception was the direct cause of the following exception:',
        '',
      ][index % 5] ?? '',
  ],
  [
    'causes',
    (index: number) =>
      index === 0 ? 'java.lang.Error: x' : index % 2 ? '\tat a.B.c(B.java:1)' : 'Caused by: java.lang.Error: x',
  ],
  ['crashes', () => 'Fatal Python error: x'],
])('thousands of %s take no time', (_, text) => {
  const written = lines(3000, text);
  const began = performance.now();
  diagnose(written, { code: 1 }, {});
  diagnose(written, { code: null, signal: 'SIGABRT' }, {});
  errorsOf(written);
  expect(performance.now() - began).toBeLessThan(3000);
});

test('what a program writes stays within bounds and has no control characters', () => {
  const [title, clear] = ['\u001B]0;title\u0007', '\u001B[2J'];
  const cause = diagnose(
    lines(1, () => `ValueError: ${title}${clear}${filled('x')}`),
    { code: 1 },
    {},
  );
  expect(cause).toBeUndefined();
  const traced = diagnose(
    lines(
      3,
      (index) =>
        [
          'Traceback (most recent call last):',
          '  File "/app/a.py", line 1, in f',
          `ValueError: ${title}${clear}${filled('x')}`,
        ][index] ?? '',
    ),
    { code: 1 },
    { folder: '/app' },
  );
  expect(traced).toMatchObject({ code: 'exception', message: expect.stringMatching(/^a\.py line 1: ValueError: /) });
  expect(traced?.message.length).toBeLessThanOrEqual(300);
  for (const text of [traced?.message ?? '', ...(traced?.evidence ?? [])]) {
    expect(text).not.toContain('\u001B');
    expect(text.length).toBeLessThanOrEqual(600);
  }
});
