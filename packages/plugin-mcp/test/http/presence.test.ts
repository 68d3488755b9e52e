import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Visits } from '../../src/http/presence.ts';

let log: string[];
let visits: Visits;
beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  visits = new Visits(() => {
    log.push('come');
    return { [Symbol.dispose]: () => void log.push('gone') };
  }, 1000);
});
afterEach(() => void vi.useRealTimers());

test('a client is there from its first request until it has asked nothing for a while', () => {
  visits.begin();
  vi.advanceTimersByTime(60_000);
  visits.end();
  vi.advanceTimersByTime(999);
  visits.begin();
  visits.begin();
  visits.end();
  vi.advanceTimersByTime(60_000);
  expect(log).toEqual(['come']);
  visits.end();
  vi.advanceTimersByTime(1000);
  expect(log).toEqual(['come', 'gone']);
  visits.begin();
  expect(log).toEqual(['come', 'gone', 'come']);
});

test('when the server ends nobody is left', () => {
  visits.begin();
  visits.end();
  visits[Symbol.dispose]();
  vi.advanceTimersByTime(60_000);
  expect(log).toEqual(['come', 'gone']);
});
