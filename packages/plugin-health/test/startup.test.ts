import type { Verdict } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/test/support/virtual-clock.ts';
import type { Gate } from '../src/plan.ts';
import { passGates } from '../src/startup.ts';
import { type Answer, check, checkerOf, never, type ScriptedProbe, scriptedProbe } from './scripted.ts';

const gate: Gate = { ...check, kinds: ['startup'], periodMs: 1000 };

interface Setting {
  readonly gates?: readonly Gate[];
  /** One list for each gate that is asked. */
  readonly answers: readonly (readonly Answer[])[];
  readonly late?: AbortSignal;
  readonly gone?: AbortSignal;
  readonly gatesNow?: (clock: VirtualClock) => readonly Gate[] | undefined;
  readonly seconds?: number;
  readonly awaited?: (ms: number) => string;
}

async function start({
  gates = [gate],
  answers,
  late = never,
  gone = never,
  gatesNow,
  seconds = 60,
  awaited,
}: Setting) {
  const clock = new VirtualClock();
  const reports: string[] = [];
  const probes: ScriptedProbe[] = [];
  let verdict: Verdict | undefined;
  let readyAt = 0;
  const host = {
    clock,
    gatesNow: () => (gatesNow === undefined ? gates : gatesNow(clock)),
    checkerOf(of: Gate) {
      const probe = scriptedProbe(...(answers[probes.length] ?? []));
      if (awaited !== undefined) probe.awaited = awaited;
      probes.push(probe);
      return checkerOf(probe, clock, of);
    },
    report: (message: string) => reports.push(message),
  };
  const done = passGates(host, late, gone).then((answer) => {
    verdict = answer;
    readyAt = clock.now();
  });
  await clock.advance(seconds * 1000);
  const end = async () => {
    await done;
    return verdict;
  };
  return { verdict, readyAt, reports, probes, end };
}

describe('the gates of a start', () => {
  it('are polled until the first good answer, and what changes meanwhile is reported', async () => {
    const { verdict, readyAt, reports, probes } = await start({ answers: [['500', '500', '503', undefined]] });
    expect(verdict).toEqual({ ready: true });
    expect(readyAt).toBe(3000);
    expect(reports).toEqual(['the answer was 500', 'the answer was 503']);
    expect(probes.map(({ asked, disposed }) => [asked, disposed])).toEqual([[4, true]]);
  });

  it('come one after the other', async () => {
    const gates = [gate, { ...gate, kinds: ['readiness'] as const }];
    const { readyAt, reports, probes } = await start({
      gates,
      answers: [
        ['a', undefined],
        ['b', undefined],
      ],
    });
    expect(readyAt).toBe(2000);
    expect(reports).toEqual(['the answer was a', 'the answer was b']);
    expect(probes.map(({ asked, disposed }) => [asked, disposed])).toEqual([
      [2, true],
      [2, true],
    ]);
  });

  it('ask for as many good answers in a row as they are told', async () => {
    const { readyAt } = await start({
      gates: [{ ...gate, successThreshold: 2 }],
      answers: [['500', undefined, '500', undefined, undefined]],
    });
    expect(readyAt).toBe(4000);
  });

  it('wait for the initial delay', async () => {
    const { readyAt } = await start({ gates: [{ ...gate, initialDelayMs: 7000 }], answers: [[undefined]] });
    expect(readyAt).toBe(7000);
  });

  it('end the start early at their own threshold, of failures in a row', async () => {
    const { verdict, probes } = await start({
      gates: [{ ...gate, failureThreshold: 3, successThreshold: 2 }],
      answers: [['500', '500', undefined, '500']],
    });
    expect(verdict).toEqual({ ready: false, why: 'the answer was 500, check 3 of 3' });
    expect(probes[0]?.asked).toBe(6);
  });

  const hanging: Answer = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

  it.each([
    ['hangs', 60, 'it has not answered for 58 s (before that: the answer was 500)'],
    ['has just been asked', 2, 'the answer was 500'],
  ])('say at the deadline what is waited for when it %s', async (_, seconds, why) => {
    const late = new AbortController();
    const awaited = (ms: number): string => `it has not answered for ${ms / 1000} s`;
    const { end } = await start({ answers: [['500', '500', hanging]], late: late.signal, seconds, awaited });
    late.abort();
    expect(await end()).toEqual({ ready: false, why });
  });

  it('say at the deadline what was seen last', async () => {
    const late = new AbortController();
    // No answer is no news of a check that cannot say what it waits for.
    const { verdict, end, probes } = await start({ answers: [['500', '500', hanging]], late: late.signal });
    expect(verdict).toBeUndefined();
    late.abort();
    expect(await end()).toEqual({ ready: false, why: 'the answer was 500' });
    expect(probes[0]?.disposed).toBe(true);
  });

  it('say at the deadline that nothing has answered at all', async () => {
    const late = new AbortController();
    const { end } = await start({ gates: [{ ...gate, initialDelayMs: 120_000 }], answers: [[]], late: late.signal });
    late.abort();
    expect(await end()).toEqual({ ready: false, why: 'no answer by http yet' });
  });

  it('begin anew when the config has others, and let it pass when it has none any more', async () => {
    const other = [{ ...gate, periodMs: 500 }];
    const before = [gate];
    const changed = await start({
      answers: [['500'], ['503', undefined]],
      gatesNow: (clock) => (clock.now() < 3000 ? before : other),
    });
    expect([changed.verdict, changed.readyAt]).toEqual([{ ready: true }, 3500]);
    const gone = await start({ answers: [['500']], gatesNow: (clock) => (clock.now() < 3000 ? before : undefined) });
    expect([gone.verdict, gone.readyAt, gone.probes[0]?.asked]).toEqual([{ ready: true }, 3000, 3]);
  });

  it('hold nothing back when the plugin itself is gone', async () => {
    const gone = new AbortController();
    const { verdict, end } = await start({ answers: [['500']], gone: gone.signal });
    expect(verdict).toBeUndefined();
    gone.abort();
    expect(await end()).toEqual({ ready: true });
  });
});
