import type { Clock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { Burst } from '../../src/watch/burst.ts';

/** A clock that moves only when it is told to. */
function createClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  const timers = new Set<{ at: number; fn: () => void }>();
  return {
    now: () => now,
    wall: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    sleep: () => Promise.reject(new Error('nobody sleeps here')),
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        timers.delete(next);
        next.fn();
      }
      now = end;
    },
  };
}

function createBurst() {
  const clock = createClock();
  const ended: { at: number; paths: readonly string[] }[] = [];
  const burst = new Burst(clock, { debounceMs: 50, maxWaitMs: 200 }, (paths) => ended.push({ at: clock.now(), paths }));
  return { clock, ended, burst };
}

describe('burst', () => {
  it('ends when it has been quiet for the debounce time', () => {
    const { clock, ended, burst } = createBurst();
    for (const path of ['a', 'b', 'a']) {
      burst.add(path);
      clock.advance(49);
    }
    expect(ended).toEqual([]);
    clock.advance(1000);
    expect(ended).toEqual([{ at: 148, paths: ['a', 'b'] }]);
  });

  it('ends after the longest wait although it goes on', () => {
    const { clock, ended, burst } = createBurst();
    for (let change = 0; change < 12; change++) {
      burst.add('a');
      clock.advance(40);
    }
    expect(ended.map(({ at }) => at)).toEqual([200, 400]);
  });

  it('starts anew after its end', () => {
    const { clock, ended, burst } = createBurst();
    burst.add('a');
    clock.advance(500);
    burst.add('b');
    clock.advance(500);
    expect(ended).toEqual([
      { at: 50, paths: ['a'] },
      { at: 550, paths: ['b'] },
    ]);
  });

  it('forgets what it has when it is called off', () => {
    const { clock, ended, burst } = createBurst();
    burst.add('a');
    burst.cancel();
    clock.advance(500);
    expect(ended).toEqual([]);
  });
});
