import type { Clock, Verdict } from '@promptbin/core';
import type { Checker } from './checker.ts';
import type { HealthPlan } from './plan.ts';

/**
 * Polls until the first good answer. When `signal` aborts or the failures reach their threshold, the verdict says what
 * was seen last. `report` hears each failure that differs from the one before.
 */
export async function waitForAnswer(
  checker: Checker,
  check: NonNullable<HealthPlan['startup']>,
  clock: Clock,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<Verdict> {
  let seen = `no answer on ${check.http.path} yet`;
  try {
    await clock.sleep(check.initialDelayMs, signal);
    for (let failures = 1; ; failures++) {
      const startedAt = clock.now();
      const failure = await checker.run(check, signal);
      if (failure === undefined) return { ready: true };
      if (failure.message !== seen) report(failure.message);
      seen = failure.message;
      if (failures === check.failureThreshold)
        return { ready: false, why: `${seen}, check ${failures} of ${failures}` };
      await clock.sleep(Math.max(0, startedAt + check.periodMs - clock.now()), signal);
    }
  } catch (fault) {
    if (signal.aborted) return { ready: false, why: seen };
    throw fault;
  }
}
