import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../contract/clock.ts';

// setTimeout takes a 32-bit delay; a longer one fires at once.
const longestTimeoutMs = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: Clock = Object.freeze({
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms: number, fn: () => void): Disposable {
    const timer = setTimeout(fn, Math.min(Math.max(0, ms), longestTimeoutMs));
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await delay(Math.min(Math.max(0, ms), longestTimeoutMs), undefined, signal ? { signal } : {});
  },
});
