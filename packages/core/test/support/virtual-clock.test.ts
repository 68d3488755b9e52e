import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { random } from '../../../../test-support/random.ts';
import { VirtualClock } from './virtual-clock.ts';

test('timers fire in order of their time, those for the same time in the order in which they were set', async () => {
  const clock = new VirtualClock();
  const next = random(1);
  const expected: [at: number, index: number][] = [];
  const fired: [at: number, index: number][] = [];
  const timers = Array.from({ length: 5000 }, (_, index) => {
    const at = Math.floor(next() * 300);
    return { at, index, timer: clock.after(at, () => fired.push([clock.now(), index])) };
  });
  for (const { at, index, timer } of timers) {
    if (next() < 0.6) timer[Symbol.dispose]();
    else expected.push([at, index]);
  }
  await clock.advance(300);
  expect(fired).toEqual(expected.toSorted(([a, i], [b, j]) => a - b || i - j));
});

test('what a timer sets is part of the same advance; promises settle in between', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  clock.after(20, () => seen.push('20'));
  clock.after(10, () => {
    void clock.sleep(5).then(() => seen.push(`slept until ${clock.now()}`));
    clock.after(0, () => seen.push('at once'));
  });
  await clock.advance(20);
  expect(seen).toEqual(['at once', 'slept until 15', '20']);
  expect(clock.now()).toBe(20);
});

test('a sleep is cut by its signal, and leaves no listener behind', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const over = clock.sleep(10, stop.signal);
  const cut = clock.sleep(100, stop.signal);
  const reason = new Error('enough');
  await clock.advance(10);
  await over;
  stop.abort(reason);
  await expect(cut).rejects.toBe(reason);
  await expect(clock.sleep(1, stop.signal)).rejects.toBe(reason);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});
