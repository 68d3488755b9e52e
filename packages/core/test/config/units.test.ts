import { expect, test } from 'vitest';
import { duration, parseDuration, parseSize, size } from '../../src/config/units.ts';

test.each([
  [0, 0],
  [250, 250],
  [1.5, 1.5],
  ['0s', 0],
  ['500ms', 500],
  ['1.5s', 1_500],
  ['0.6ms', 1],
  ['5m', 300_000],
  ['1h', 3_600_000],
])('the duration %j is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
  expect(duration.parse(text)).toBe(ms);
});

test.each([
  [0, 0],
  [100, 100],
  ['7b', 7],
  ['256kb', 262_144],
  ['1.5mb', 1_572_864],
  ['1gb', 1_073_741_824],
])('the size %j is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
  expect(size.parse(text)).toBe(bytes);
});

const neither = ['', ' ', '5', 's', '-5s', '+5s', '-5b', '5 s', '5S', '1e3ms', '.5s', '5.s', '5d', '5days', '12abc'];
const more = ['1.5', '1,5s', '0x10s', '5s ', '5s\n', '1h 30m', '1h30m', '1.5b', '10MB', '10 mb', '10mib', '10m b', 'x'];
const numbers = [-1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

test.each([...neither, ...more, ...numbers, `${'9'.repeat(200)}s`])('%j is neither', (value) => {
  expect(parseDuration(value)).toBeUndefined();
  expect(parseSize(value)).toBeUndefined();
});

test.each([true, null, undefined, {}, [], 5n])('nor is %o, which is no number and no text', (value) => {
  expect(duration.safeParse(value).error?.issues[0]?.message).toMatch(/^expected a duration/);
  expect(size.safeParse(value).error?.issues[0]?.message).toMatch(/^expected a size/);
});

test.each([
  ['5 sec', '5s'],
  ['5 seconds', '5s'],
  ['5 minutes', '5m'],
  ['90 minutes', '90m'],
  ['1.5 hours', '90m'],
  ['.5s', '500ms'],
  ['5S', '5s'],
  [' 5s', '5s'],
  ['2d', '48h'],
  ['1 week', '168h'],
  ['0 hours', '0ms'],
  ['250', '250ms'],
  ['-5s', undefined],
  ['1e3ms', undefined],
  ['1h30m', undefined],
  ['soon', undefined],
  ['', undefined],
  ['0.1234ms', undefined],
])('the duration %j means %j', (text, meant) => {
  expect(hintOf(duration.safeParse(text))).toBe(meant && `Did you mean "${meant}"?`);
});

test.each([
  ['10MB', '10mb'],
  ['10 mb', '10mb'],
  ['10 MiB', '10mb'],
  ['10m', '10mb'],
  ['512Mi', '512mb'],
  ['1.5k', '1536b'],
  ['1tb', '1024gb'],
  ['1024', '1kb'],
  ['1000', '1000b'],
  ['0mb ', '0b'],
  ['-1kb', undefined],
  ['12abc', undefined],
  ['1.5', undefined],
  ['many', undefined],
])('the size %j means %j', (text, meant) => {
  expect(hintOf(size.safeParse(text))).toBe(meant && `Did you mean "${meant}"?`);
});

interface Outcome {
  readonly error?: { readonly issues: readonly object[] } | undefined;
}

function hintOf({ error }: Outcome): unknown {
  const [issue] = error?.issues ?? [];
  return (issue as { params?: { hint?: string } } | undefined)?.params?.hint;
}
