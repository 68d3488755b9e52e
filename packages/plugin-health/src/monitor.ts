import type { Clock, Condition, ConditionName } from '@promptbin/core';
import type { Checker } from './checker.ts';
import type { Kind, RunningCheck } from './plan.ts';
import { count, summarize, type Tally } from './tally.ts';

export const conditionOf: Readonly<Record<Kind, ConditionName>> = { readiness: 'ready', liveness: 'healthy' };

export type Report = (name: ConditionName, value: Omit<Condition, 'since'>) => void;

export interface Monitoring {
  readonly checks: readonly RunningCheck[];
  /** Of checks that name none, ms. */
  readonly periodMs: number;
  /** What holds already: only what turns is reported. */
  readonly known: Readonly<Record<Kind, Condition['status']>>;
}

/**
 * Checks a running process until `signal` aborts, and reports when a verdict turns. One loop for all checks of a
 * process: two are never in flight, and a slow one only delays the next.
 */
export async function monitor(
  checker: Checker,
  { checks, periodMs, known }: Monitoring,
  clock: Clock,
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  const tallies = new Map<Kind, Tally>();
  const plans = checks.map((check) => ({ check, dueAt: clock.now() + check.initialDelayMs }));
  try {
    for (;;) {
      const next = plans.reduce((first, plan) => (plan.dueAt < first.dueAt ? plan : first));
      await clock.sleep(Math.max(0, next.dueAt - clock.now()), signal);
      next.dueAt = clock.now() + (next.check.periodMs ?? periodMs);
      const fault = await checker.run(next.check, signal);
      const at = new Date(clock.wall()).toISOString();
      const failure = fault && { brief: fault.brief, line: `${at} ${fault.message}` };
      for (const kind of next.check.kinds) {
        const before = tallies.get(kind) ?? { status: known[kind], successes: 0, failures: [] };
        const after = count(before, next.check, failure);
        tallies.set(kind, after);
        if (after.status !== before.status) report(conditionOf[kind], describe(kind, after));
      }
    }
  } catch (fault) {
    if (!signal.aborted) throw fault;
  }
}

function describe(kind: Kind, { status, failures }: Tally): Omit<Condition, 'since'> {
  if (status === 'true') return { status, reason: 'CheckPassed' };
  const evidence = failures.slice(-8).map(({ line }) => line);
  return { status, reason: 'CheckFailed', message: `${kind}: ${summarize(failures)}`, evidence };
}
