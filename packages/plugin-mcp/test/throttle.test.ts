import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createThrottle, type Throttle } from '../src/throttle.ts';

let sent: string[];
let throttle: Throttle;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  throttle = createThrottle(250, (key) => sent.push(key));
});
afterEach(() => {
  throttle[Symbol.dispose]();
  vi.useRealTimers();
});

test('the first mark goes at once, the last one when the period is over, none in between', () => {
  throttle.mark('web');
  throttle.mark('web');
  throttle.mark('web');
  expect(sent).toEqual(['web']);
  vi.advanceTimersByTime(249);
  expect(sent).toEqual(['web']);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual(['web', 'web']);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual(['web', 'web']);
});

test('marks without a pause are one each period', () => {
  for (let ms = 0; ms < 1000; ms += 10) {
    throttle.mark('web');
    vi.advanceTimersByTime(10);
  }
  expect(sent).toHaveLength(5);
});

test('keys do not delay each other', () => {
  throttle.mark('web');
  throttle.mark('db');
  expect(sent).toEqual(['web', 'db']);
});

test('nothing is sent any more once it is disposed', () => {
  throttle.mark('web');
  throttle.mark('web');
  throttle[Symbol.dispose]();
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual(['web']);
  expect(vi.getTimerCount()).toBe(0);
});
