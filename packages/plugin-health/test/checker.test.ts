import { systemClock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/test/support/virtual-clock.ts';
import { Checker } from '../src/checker.ts';
import { CheckFailure, type Probe } from '../src/probes/probe.ts';
import { check, checkerOf, never, scriptedProbe } from './scripted.ts';

describe('a check', () => {
  it('passes when a retry does', async () => {
    const probe = scriptedProbe('HTTP 500', 'HTTP 500', undefined);
    expect(await checkerOf(probe, systemClock, { ...check, retries: 2 }).run(never)).toBeUndefined();
    expect(probe.asked).toBe(3);
  });

  it('says what the last retry saw', async () => {
    const probe = scriptedProbe('HTTP 500', 'HTTP 501', 'HTTP 502', 'HTTP 503');
    expect((await checkerOf(probe, systemClock, { ...check, retries: 2 }).run(never))?.brief).toBe('HTTP 502');
  });

  it('ends within its timeout, retries included', async () => {
    const given: number[] = [];
    const slow = async ({ timeoutMs }: { timeoutMs: number }): Promise<void> => {
      given.push(timeoutMs);
      await systemClock.sleep(20);
      throw new CheckFailure('HTTP 500', 'the answer was 500');
    };
    const failure = await checkerOf(scriptedProbe(slow), systemClock, { ...check, retries: 10, timeoutMs: 1000 }).run(
      never,
    );
    expect(failure?.brief).toBe('HTTP 500');
    expect(given[0]).toBe(1000);
    // Each has what is left, and none so little that it would only hide what was seen before.
    expect(given).toEqual(given.toSorted((a, b) => b - a));
    expect(given.length).toBeGreaterThan(1);
    expect(given.length).toBeLessThan(11);
  });

  it('does not try again what has used up the timeout', async () => {
    const late = async ({ timeoutMs }: { timeoutMs: number }): Promise<void> => {
      await systemClock.sleep(timeoutMs);
      throw new CheckFailure('no answer', 'no answer');
    };
    const probe = scriptedProbe(late);
    await checkerOf(probe, systemClock, { ...check, retries: 10, timeoutMs: 100 }).run(never);
    expect(probe.asked).toBe(1);
  });

  it('does not try again after a failure that is final', async () => {
    const final = async (): Promise<void> => {
      throw new CheckFailure('no port', 'no port', { isFinal: true });
    };
    const probe = scriptedProbe(final);
    await checkerOf(probe, systemClock, { ...check, retries: 10 }).run(never);
    expect(probe.asked).toBe(1);
  });

  it('takes a fault of the probe for a failed check', async () => {
    const broken = async (): Promise<void> => {
      throw new Error('EMFILE');
    };
    expect((await checkerOf(scriptedProbe(broken)).run(never))?.message).toBe('the check itself failed: EMFILE');
  });

  it('rejects when nobody waits for it any more, and is not counted', async () => {
    const stop = new AbortController();
    const heard: boolean[] = [];
    const hanging: Probe = {
      attempt: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
      [Symbol.dispose]() {},
    };
    const run = new Checker(hanging, check, systemClock, (_, passed) => heard.push(passed)).run(stop.signal);
    stop.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    expect(heard).toEqual([]);
  });

  it('tells how long it took and whether it passed', async () => {
    const heard: [number, boolean][] = [];
    const probe = scriptedProbe(undefined, 'HTTP 503');
    const checker = new Checker(probe, check, systemClock, (ms, passed) => heard.push([ms, passed]));
    await checker.run(never);
    await checker.run(never);
    expect(heard.map(([, passed]) => passed)).toEqual([true, false]);
    expect(heard.every(([ms]) => ms >= 0)).toBe(true);
  });
});

describe('the rest between two checks', () => {
  async function rest(newsAt: readonly number[], restMs: number) {
    const clock = new VirtualClock();
    const probe = scriptedProbe(undefined);
    const checker = checkerOf(probe, clock);
    await checker.run(never);
    for (const ms of newsAt) clock.after(ms, () => probe.onNews?.());
    let ended: [at: number, isEarly: boolean] | undefined;
    void checker.rest(restMs, never).then((isEarly) => {
      ended = [clock.now(), isEarly];
    });
    await clock.advance(60_000);
    return ended;
  }

  it('lasts until it is time', async () => {
    expect(await rest([], 5000)).toEqual([5000, false]);
  });

  it('ends early when there is news', async () => {
    expect(await rest([700, 800], 5000)).toEqual([700, true]);
  });

  it('lasts for a moment, however much news there is', async () => {
    expect(await rest([1, 2, 3, 4], 5000)).toEqual([10, true]);
    expect(await rest([1, 2, 3, 4], 5)).toEqual([5, false]);
  });

  it('ends when nobody waits for it any more', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const resting = checkerOf(scriptedProbe(undefined), clock).rest(5000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(resting).rejects.toThrow('enough');
  });
});
