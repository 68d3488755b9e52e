import type { ProcessView } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../core/test/support/virtual-clock.ts';
import { Sampler } from '../../src/resources/sampler.ts';

interface Machine {
  readonly clock: VirtualClock;
  readonly sampler: Sampler;
  readonly stop: AbortController;
  /** What is up: name and how often it is to be read. */
  readonly up: Map<string, { generation: number; periodMs: number | undefined }>;
  /** The pids of each call to the system. */
  readonly calls: (readonly number[])[];
  readonly taken: { at: number; name: string; generation: number; cpuPercent: number }[];
  /** Timers that were asked for. */
  timers(): number;
}

/** Each process is one with the pid of its place, a tenth of a core. */
function machine(): Machine {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const up: Machine['up'] = new Map();
  const calls: (readonly number[])[] = [];
  const taken: Machine['taken'] = [];
  const names = ['a', 'b', 'c'];
  let timers = 0;
  const sampler = new Sampler({
    signal: stop.signal,
    clock: {
      now: () => clock.now(),
      wall: () => clock.wall(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
      after(ms, fn) {
        timers += 1;
        return clock.after(ms, fn);
      },
    },
    processes: () =>
      [...up].map(([name, { generation }]) => ({ name, generation, pid: names.indexOf(name) + 1 }) as ProcessView),
    tree: async (name) => (up.has(name) ? [names.indexOf(name) + 1] : []),
    async read(pids) {
      calls.push(pids);
      const usage = { cpuMs: clock.now() / 10, ageMs: clock.now(), memoryBytes: 1 };
      return new Map(pids.map((pid) => [pid, usage]));
    },
    periodOf: (name) => up.get(name)?.periodMs,
    took({ name, generation }, { cpuPercent }) {
      taken.push({ at: clock.now(), name, generation, cpuPercent });
    },
  });
  return { clock, sampler, stop, up, calls, taken, timers: () => timers };
}

describe('the sampler', () => {
  it('asks the system once for all processes, however far apart they were spawned', async () => {
    const { clock, sampler, up, calls } = machine();
    for (const name of ['a', 'b', 'c']) {
      up.set(name, { generation: 1, periodMs: 5000 });
      sampler.wake();
      await clock.advance(400);
    }
    calls.length = 0;
    await clock.advance(30_000);
    expect(calls).toEqual(Array.from({ length: calls.length }, () => [1, 2, 3]));
    expect(calls.length).toBeGreaterThanOrEqual(5);
  });

  it('has no timer while nothing is up or nobody needs it, and wakes again', async () => {
    const { clock, sampler, up, calls, taken, timers } = machine();
    up.set('a', { generation: 1, periodMs: undefined });
    sampler.wake();
    await clock.advance(60_000);
    // The one that looks whether anybody needs it.
    expect([timers(), calls.length]).toEqual([1, 0]);
    up.set('a', { generation: 1, periodMs: 5000 });
    sampler.wake();
    await clock.advance(12_000);
    expect(taken.length).toBeGreaterThan(0);
    up.clear();
    await clock.advance(10_000);
    const before = timers();
    await clock.advance(60_000);
    expect(timers()).toBe(before);
  });

  it('reads each as often as it needs, and no other one with it', async () => {
    const { clock, sampler, up, taken } = machine();
    up.set('a', { generation: 1, periodMs: 5000 });
    up.set('b', { generation: 1, periodMs: 500 });
    sampler.wake();
    await clock.advance(60_000);
    const count = (name: string) => taken.filter((one) => one.name === name).length;
    expect(count('a')).toBe(12);
    expect(count('b')).toBeGreaterThan(115);
    expect(new Set(taken.map(({ cpuPercent }) => cpuPercent))).toEqual(new Set([10]));
  });

  it('reads at least half a period apart, and begins anew with each incarnation', async () => {
    const { clock, sampler, up, taken } = machine();
    await clock.advance(4900);
    up.set('a', { generation: 1, periodMs: 5000 });
    sampler.wake();
    await clock.advance(10_000);
    up.set('a', { generation: 2, periodMs: 5000 });
    sampler.wake();
    await clock.advance(10_000);
    const times = taken.map(({ at, generation }) => [generation, at]);
    // Each one was looked at 250 ms after its spawn, which tells nothing yet.
    expect(times).toEqual([
      [1, 10_000],
      [2, 20_000],
    ]);
  });

  it('follows a shorter period at once', async () => {
    const { clock, sampler, up, taken } = machine();
    up.set('a', { generation: 1, periodMs: 60_000 });
    sampler.wake();
    await clock.advance(10_000);
    up.set('a', { generation: 1, periodMs: 1000 });
    sampler.wake();
    await clock.advance(2000);
    expect(taken.length).toBeGreaterThanOrEqual(1);
  });

  it('reads for whoever asks what is older than its period, at once, and no reading twice', async () => {
    const { clock, sampler, up, calls, taken } = machine();
    up.set('a', { generation: 1, periodMs: 60_000 });
    sampler.wake();
    await clock.advance(10_000);
    expect(taken).toEqual([]);
    // Somebody looks: it is to be read more often from now on.
    up.set('a', { generation: 1, periodMs: 5000 });
    const before = calls.length;
    await Promise.all([sampler.refresh(), sampler.refresh()]);
    expect(taken.map(({ at }) => at)).toEqual([10_000]);
    await sampler.refresh();
    expect(calls.length).toBe(before + 1);
    await clock.advance(10_000);
    expect(taken.map(({ at }) => at)).toEqual([10_000, 15_000, 20_000]);
  });

  it('goes on after a reading that failed, and not after its end', async () => {
    const { clock, sampler, stop, up, calls } = machine();
    up.set('a', { generation: 1, periodMs: 1000 });
    const { push } = calls;
    calls.push = () => {
      calls.push = push;
      throw new Error('no reading');
    };
    sampler.wake();
    await clock.advance(5000);
    expect(calls.length).toBeGreaterThan(2);
    stop.abort();
    const before = calls.length;
    await clock.advance(5000);
    sampler.wake();
    await clock.advance(5000);
    expect(calls.length).toBe(before);
  });
});
