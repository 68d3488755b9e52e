import type { Clock, Condition, ConditionName } from '@promptbin/core';
import type { Checker } from './checker.ts';
import type { Kind, RunningCheck } from './plan.ts';
import type { CheckFailure } from './probes/probe.ts';
import type { Failure, Flapping } from './tally.ts';
import { Watch } from './watch.ts';

export type Report = (name: ConditionName, value: Omit<Condition, 'since'>) => void;

export interface Monitoring {
  readonly check: RunningCheck;
  /** Where the check names none, ms. */
  readonly periodMs: number;
  readonly flapping: Flapping;
  /** What holds already: the checks go on from there, and only news is reported. */
  readonly known: Readonly<Record<ConditionName, Condition>>;
  /** What was asked by other means until now: the first check is news. */
  readonly anew: ReadonlySet<Kind>;
}

/**
 * Does one check of a running process until `signal` aborts, and reports when a verdict changes. Two are never in flight,
 * and a slow one delays nothing but the next.
 */
export async function monitor(
  checker: Checker,
  { check, periodMs, flapping, known, anew }: Monitoring,
  clock: Clock,
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  const watches = check.kinds.map((kind) => new Watch(kind, { ...check, flapping }, known, anew.has(kind)));
  let told: string | undefined;
  try {
    await clock.sleep(check.initialDelayMs, signal);
    for (let isEarly = false, nextAt = 0; ; ) {
      if (!isEarly) nextAt = clock.now() + (check.periodMs ?? periodMs);
      const fault = await checker.run(signal);
      const at = { now: clock.now(), wall: clock.wall() };
      // What it says is passed on, and failures are counted, by the period: a process may talk as much as it likes.
      if (!isEarly) told = checker.told;
      if (!isEarly || !fault || fault.isFinal) {
        for (const watch of watches) {
          const news = watch.take({ at, failure: fault && failureOf(fault, at.wall), told });
          if (news !== undefined) report(watch.condition, news);
        }
      }
      isEarly = await checker.rest(nextAt, signal);
    }
  } catch (fault) {
    if (!signal.aborted) throw fault;
  }
}

function failureOf({ brief, message, isFinal }: CheckFailure, wall: number): Failure {
  return { brief, isFinal, line: `${new Date(wall).toISOString()} ${message}` };
}
