import type { Clock, Verdict } from '@promptbin/core';
import type { Checker } from './checker.ts';
import type { StartupCheck } from './plan.ts';

/** What to ask, and how. */
export interface StartupQuestion {
  readonly checker: Checker;
  readonly check: StartupCheck;
}

/**
 * Polls until the first good answer. When `signal` aborts or the failures reach their threshold, the verdict says what
 * was seen last. `report` hears each failure that differs from the one before.
 *
 * @param questionNow asked before each poll: it may be another one since a reload; undefined when nothing is asked any more
 */
export async function waitForAnswer(
  questionNow: () => StartupQuestion | undefined,
  clock: Clock,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<Verdict> {
  let question = questionNow();
  let seen = `no answer on ${question?.check.http.path} yet`;
  try {
    await clock.sleep(question?.check.initialDelayMs ?? 0, signal);
    for (let failures = 1; ; failures++) {
      question = questionNow();
      if (question === undefined) return { ready: true };
      const { checker, check } = question;
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
