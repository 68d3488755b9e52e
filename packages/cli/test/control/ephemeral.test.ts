import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchClients } from '../../src/control/ephemeral.ts';

const end = vi.fn();
beforeEach(() => {
  vi.useFakeTimers();
  end.mockClear();
});
afterEach(() => void vi.useRealTimers());

test('a manager ends when no client comes', () => {
  watchClients(end);
  vi.advanceTimersByTime(29_999);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(end).toHaveBeenCalledOnce();
});

test('it ends 2 s after the last client has left, unless one comes back', () => {
  const join = watchClients(end);
  const one = join('mcp');
  const two = join('mcp');
  vi.advanceTimersByTime(60_000);
  one[Symbol.dispose]();
  vi.advanceTimersByTime(60_000);
  two[Symbol.dispose]();
  vi.advanceTimersByTime(1999);
  const three = join('mcp');
  vi.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
  three[Symbol.dispose]();
  vi.advanceTimersByTime(2000);
  expect(end).toHaveBeenCalledOnce();
});

test('who follows the events for another reason does not keep it', () => {
  const join = watchClients(end);
  join('dashboard');
  vi.advanceTimersByTime(30_000);
  expect(end).toHaveBeenCalledOnce();
});
