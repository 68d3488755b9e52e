import { expect, test } from 'vitest';
import { Courtesy } from '../../src/locks/courtesy.ts';

/** Takes `a.lock` for `holdMs` again and again, with `gapMs` in between, and gives the rests before each time. */
function rests(times: number, holdMs: number, gapMs: number): number[] {
  let now = 1000;
  const courtesy = new Courtesy(() => now);
  return Array.from({ length: times }, () => {
    const restMs = courtesy.restMs('a.lock');
    now += restMs;
    const since = now;
    now += holdMs;
    courtesy.released('a.lock', since);
    now += gapMs;
    return restMs;
  });
}

test('whoever takes a lock again and again leaves it alone once in a while, for longer than others sleep', () => {
  expect(rests(8, 90, 0)).toEqual([0, 0, 0, 60, 0, 0, 60, 0]);
});

test('the time since the release counts', () => {
  expect(rests(5, 80, 20)).toEqual([0, 0, 0, 40, 0]);
});

test('long work rests each time', () => {
  expect(rests(3, 1000, 0)).toEqual([0, 60, 60]);
});

test('who leaves it alone by itself need not', () => {
  expect(rests(20, 90, 60)).toEqual(Array(20).fill(0));
});

test('one lock has nothing to do with another', () => {
  let now = 0;
  const courtesy = new Courtesy(() => now);
  now = 1000;
  courtesy.released('a.lock', 0);
  expect(courtesy.restMs('a.lock')).toBe(60);
  expect(courtesy.restMs('b.lock')).toBe(0);
});
