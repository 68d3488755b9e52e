import type { Clock, Condition, ConditionName } from '@promptbin/core';
import type { Checker } from './checker.ts';
import type { Kind, RunningCheck } from './plan.ts';
import { count, summarize, type Tally } from './tally.ts';

const conditionOf = { readiness: 'ready', liveness: 'healthy' } as const satisfies Record<Kind, ConditionName>;

export type Report = (name: ConditionName, value: Omit<Condition, 'since'>) => void;

/** A running process has passed its startup check; nothing is known of its liveness. */
const initial: Readonly<Record<Kind, Tally>> = {
  readiness: { status: 'true', successes: 0, failures: [] },
  liveness: { status: 'unknown', successes: 0, failures: [] },
};

/**
 * Checks a running process until `signal` aborts, and reports when a verdict turns. One loop for all checks of a
 * process: two are never in flight, and a slow one only delays the next.
 */
export async function monitor(
  checker: Checker,
  checks: readonly RunningCheck[],
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
      next.dueAt = clock.now() + next.check.periodMs;
      const fault = await checker.run(next.check, signal);
      const at = new Date(clock.wall()).toISOString();
      const failure = fault && { brief: fault.brief, line: `${at} ${fault.message}` };
      for (const kind of next.check.kinds) {
        const before = tallies.get(kind) ?? initial[kind];
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
