import { expect, it } from 'vitest';
import { LoopGuard } from '../../src/actions/loop-guard.ts';

it('lets ten pass within a minute, and suspends at the next one', () => {
  const guard = new LoopGuard();
  for (let count = 0; count < 10; count += 1) expect(guard.admit('web', count * 5900)).toBe('pass');
  expect(guard.admit('other', 59_000)).toBe('pass');
  expect(guard.admit('web', 59_999)).toBe('suspend');
  expect(guard.admit('web', 59_999)).toBe('suspended');
  expect(guard.isSuspended('web')).toBe(true);
  expect(guard.isSuspended('other')).toBe(false);
});

it('does not mind one every six seconds, for ever', () => {
  const guard = new LoopGuard();
  for (let count = 0; count < 1000; count += 1) expect(guard.admit('web', count * 6000)).toBe('pass');
});

it('stays suspended however long it is quiet, and begins anew when it is resumed', () => {
  const guard = new LoopGuard();
  for (let count = 0; count < 11; count += 1) guard.admit('web', count);
  expect(guard.admit('web', 3_600_000)).toBe('suspended');
  guard.resume('web');
  for (let count = 0; count < 10; count += 1) expect(guard.admit('web', 3_600_000)).toBe('pass');
  expect(guard.admit('web', 3_600_000)).toBe('suspend');
});
