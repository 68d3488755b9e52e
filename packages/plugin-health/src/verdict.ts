import type { Condition } from '@promptbin/core';
import type { Kind } from './plan.ts';
import { type Flapping, summarize, type Tally } from './tally.ts';

/** Evidence that is shown, newest last. */
const shownFailures = 8;

/** What is to be said after a check; undefined when it is no news. */
export function newsOf(
  kind: Kind,
  before: Tally,
  after: Tally,
  flapping: Flapping,
): Omit<Condition, 'since'> | undefined {
  const { status, verdict, failures, row, since, lastGoodAt } = after;
  if (status === before.status && verdict === before.verdict) return undefined;
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
