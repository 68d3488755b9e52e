import { describe, expect, it } from 'vitest';
import { judge, type LimitState, type LimitWord, readingPeriod, unread } from '../../src/resources/limits.ts';

const limit = { max: 100, forMs: 10_000 };

/** What is said at each of the values, which come every `periodMs`. */
function said(values: readonly number[], periodMs = 2500, held = limit): readonly (readonly LimitWord[])[] {
  let state: LimitState = unread;
  return values.map((value, index) => {
    const step = judge(state, held, { at: index * periodMs, value });
    state = step.state;
    return step.says;
  });
}

describe('the warning', () => {
  it('comes at 80 %, and once', () => {
    expect(said([79, 80, 85, 80])).toEqual([[], ['warning'], [], []]);
  });

  it('comes again only after it was below 70 %', () => {
    expect(said([80, 75, 70, 80, 69, 79, 80])).toEqual([['warning'], [], [], [], [], [], ['warning']]);
  });
});

describe('the end', () => {
  it('comes after `for` over the limit, and once', () => {
    expect(said([101, 101, 101, 101, 101, 101])).toEqual([['warning'], [], [], [], ['exceeded'], []]);
  });

  it('does not come at the limit itself', () => {
    expect(said([100, 100, 100, 100, 100, 100]).flat()).toEqual(['warning']);
  });

  it('begins to count anew after each dip', () => {
    const values = [101, 101, 101, 101, 99, 101, 101, 101, 101, 101];
    expect(said(values).flatMap((words, index) => (words.includes('exceeded') ? [index] : []))).toEqual([9]);
  });

  it('comes at once without a `for`', () => {
    expect(said([101], 500, { max: 100, forMs: 0 })).toEqual([['warning', 'exceeded']]);
  });

  it('is not concluded from a pause in which nothing was read', () => {
    let { state } = judge(unread, limit, { at: 0, value: 101 });
    const afterPause = judge(state, limit, { at: 60_000, value: 101 });
    expect(afterPause.says).toEqual([]);
    ({ state } = judge(afterPause.state, limit, { at: 65_000, value: 101 }));
    expect(judge(state, limit, { at: 70_000, value: 101 }).says).toEqual(['exceeded']);
  });

  it('comes for a `for` that is shorter than the shortest time between two readings', () => {
    expect(said([101, 101], 500, { max: 100, forMs: 100 })).toEqual([['warning'], ['exceeded']]);
  });
});

it.each([
  ['10s', 10_000, 10_000 / 3],
  ['1 ms', 1, 500],
  ['an hour', 3_600_000, 5000],
])('a limit for %s is read at least three times within it, within reason', (_, forMs, periodMs) => {
  expect(readingPeriod({ max: 1, forMs })).toBe(periodMs);
});
