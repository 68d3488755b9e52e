import type { Condition } from '@promptbin/core';
import type { Kind } from './plan.ts';
import { type Flapping, summarize, type Tally } from './tally.ts';

/** Evidence that is shown, newest last. */
const shownFailures = 8;

/** Whether there is more to be said after a check than there was before it. */
export function isNews(before: Tally, after: Tally): boolean {
  return after.status !== before.status || after.verdict !== before.verdict;
}

/** What is to be said after a check. */
export function sayingOf(kind: Kind, before: Tally, after: Tally, flapping: Flapping): Omit<Condition, 'since'> {
  const { status, verdict, failures, row, since, lastGoodAt } = after;
  if (verdict === undefined) return { status, reason: 'CheckPassed' };
  const seen = summarize(failures);
  const starts = verdict === 'flapping' && before.verdict !== 'flapping';
  const said = [...(starts ? [describeFlapping(flapping)] : []), ...(seen === '' ? [] : [seen])];
  return {
    status,
    reason: starts ? 'Flapping' : reasonOf(after),
    ...(said.length === 0 ? {} : { message: `${kind}: ${said.join(', ')}` }),
    evidence: failures.slice(-shownFailures).map(({ line }) => line),
    failing: { verdict, failures: row, since, ...(lastGoodAt === undefined ? {} : { lastGoodAt }) },
  };
}

function reasonOf({ status, row }: Tally): string {
  if (status === 'false') return 'CheckFailed';
  return row === 0 ? 'CheckPassed' : 'CheckFailing';
}

function describeFlapping({ changes, windowMs }: Flapping): string {
  return `turned more than ${changes} times within ${windowMs / 1000} s`;
}
