import { expect, test } from 'vitest';
import { parseDuration, parseSize } from '../../src/config/units.ts';

test.each([
  [0, 0],
  [250, 250],
  ['500ms', 500],
  ['1.5s', 1_500],
  ['5m', 300_000],
  ['1h', 3_600_000],
])('the duration %j is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
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
});

test.each(['', '5', 's', '-5s', '5 s', '5S', '1e3ms', '.5s', '5d', -1, Number.NaN, Number.POSITIVE_INFINITY])(
  '%j is neither',
  (value) => {
    expect(parseDuration(value)).toBeUndefined();
    expect(parseSize(value)).toBeUndefined();
  },
);
