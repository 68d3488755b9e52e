import type { Condition } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/test/support/virtual-clock.ts';
import { type Monitoring, monitor } from '../src/monitor.ts';
import type { RunningCheck } from '../src/plan.ts';
import { CheckFailure } from '../src/probes/probe.ts';
import { type Answer, check, checkerOf, scriptedProbe } from './scripted.ts';

const both: RunningCheck = { ...check, kinds: ['readiness', 'liveness'], periodMs: 1000, failureThreshold: 3 };

/** Of a process that has just passed its gates. */
const known: Monitoring['known'] = {
  ready: { status: 'true', reason: 'Ready', since: 0 },
  healthy: { status: 'unknown', reason: 'NotChecked', since: 0 },
};
const defaults: Monitoring = {
  check: both,
  periodMs: 10_000,
  flapping: { changes: 100, windowMs: 60_000 },
  known,
  anew: new Set(),
};

/** Monitors for `seconds`; what was reported, and after how many checks. */
async function reportsOf(answers: readonly Answer[], seconds: number, monitoring: Partial<Monitoring> = {}) {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const probe = scriptedProbe(...answers);
  const reports: (readonly [string, Omit<Condition, 'since'>, number])[] = [];
  const done = monitor(checkerOf(probe, clock), { ...defaults, ...monitoring }, clock, stop.signal, (name, value) =>
    reports.push([name, value, probe.asked]),
  );
  await clock.advance(seconds * 1000);
  stop.abort();
  await done;
  return { reports, asked: probe.asked };
}

const brief = (reports: Awaited<ReturnType<typeof reportsOf>>['reports']): string[] =>
  reports.map(([name, { status, failing }, asked]) => `${asked} ${name} ${status} ${failing?.verdict ?? ''}`.trim());

describe('monitor', () => {
  it('reports when a verdict changes, not at every check', async () => {
    const good = undefined;
    const bad = 'HTTP 503';
    const { reports } = await reportsOf([good, good, bad, good, bad, bad, bad, bad, bad, good], 12);
    expect(brief(reports)).toEqual([
      '1 healthy true',
      ...['3 ready true transient', '3 healthy true transient', '4 ready true', '4 healthy true'],
      ...[
        '5 ready true transient',
        '5 healthy true transient',
        '7 ready false persistent',
        '7 healthy false persistent',
      ],
      ...['10 ready true', '10 healthy true'],
    ]);
    const [, value] = reports.find(([name, { status }]) => name === 'healthy' && status === 'false') ?? [];
    expect(value?.message).toBe('liveness: HTTP 503 ×3');
    expect(value?.evidence).toHaveLength(3);
    expect(value?.evidence?.[2]).toBe('2026-01-01T00:00:06.000Z the answer was HTTP 503');
  });

  it('honours a success threshold of 2', async () => {
    const one = { ...both, kinds: ['liveness'], failureThreshold: 1, successThreshold: 2 } as const;
    const { reports } = await reportsOf(['500', undefined, '500', undefined, undefined], 8, { check: one });
    expect(brief(reports)).toEqual(['1 healthy false persistent', '5 healthy true']);
  });

  it('checks from start to start, and a slow check delays the next without overlapping it', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const begun: number[] = [];
    let inFlight = 0;
    const probe = scriptedProbe(async () => {
      begun.push(clock.now());
      expect(++inFlight).toBe(1);
      await clock.sleep(begun.length === 2 ? 3000 : 400);
      inFlight--;
    });
    const done = monitor(checkerOf(probe, clock), defaults, clock, stop.signal, () => {});
    await clock.advance(6500);
    stop.abort();
    await Promise.all([done, clock.advance(1000)]);
    expect(begun).toEqual([0, 1000, 4000, 5000, 6000]);
  });

  it('gives a check that names no period the default one', async () => {
    const { asked } = await reportsOf([undefined], 35, { check: { ...both, periodMs: undefined } });
    expect(asked).toBe(4);
  });

  it('waits for the initial delay', async () => {
    const late = { ...both, initialDelayMs: 5000 };
    expect((await reportsOf([undefined], 4.9, { check: late })).asked).toBe(0);
    expect((await reportsOf([undefined], 5.5, { check: late })).asked).toBe(1);
  });

  it('goes on from what is known: only what is new is reported', async () => {
    const failing = { verdict: 'persistent', failures: 3, since: 1 } as const;
    const { reports } = await reportsOf([undefined], 3, {
      known: {
        ready: { status: 'false', reason: 'CheckFailed', since: 1, failing },
        healthy: { status: 'true', reason: 'CheckPassed', since: 1 },
      },
    });
    expect(brief(reports)).toEqual(['1 ready true']);
  });

  it('passes on what the process says of itself, by the period and while it is ready', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const probe = scriptedProbe(undefined);
    const said: string[] = [];
    const say = (ms: number, told: string | undefined): void => {
      clock.after(ms, () => {
        probe.told = told;
        probe.onNews?.();
      });
    };
    say(100, 'loading');
    for (let ms = 1100; ms < 1900; ms += 20) say(ms, `served ${ms}`);
    say(3500, undefined);
    const done = monitor(checkerOf(probe, clock), defaults, clock, stop.signal, (name, { status, reason, message }) => {
      said.push(`${clock.now()} ${name} ${status} ${reason} ${message ?? ''}`.trim());
    });
    await clock.advance(10_000);
    stop.abort();
    await done;
    expect(said).toEqual([
      '0 healthy true CheckPassed',
      '1000 ready true StatusText loading',
      '2000 ready true StatusText served 1880',
      '4000 ready true StatusText',
    ]);
  });

  it('asks at once when there is news, and counts failures by the period only', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    let answer: string | undefined = 'reloading';
    const probe = scriptedProbe(async () => {
      if (answer !== undefined) throw new CheckFailure(answer);
    });
    for (let ms = 100; ms < 15_000; ms += 100) clock.after(ms, () => probe.onNews?.());
    clock.after(15_050, () => {
      answer = undefined;
      probe.onNews?.();
    });
    const reports: string[] = [];
    const check = { ...both, kinds: ['readiness'], periodMs: 10_000, failureThreshold: 2 } as const;
    const done = monitor(checkerOf(probe, clock), { ...defaults, check }, clock, stop.signal, (_, { failing }) => {
      reports.push(`${clock.now()} ${failing?.verdict ?? 'good'}`);
    });
    await clock.advance(18_000);
    stop.abort();
    await done;
    expect(reports).toEqual(['0 transient', '10000 persistent', '15050 good']);
  });

  it('ends in the middle of a check when it is told to', async () => {
    const hanging: Answer = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    const { reports, asked } = await reportsOf([hanging], 60);
    expect([reports.length, asked]).toEqual([0, 1]);
  });
});
