import type { Condition } from '@promptbin/core';

/** What was wrong at one check: in a few words, and as a line of the transcript. */
export interface Failure {
  readonly brief: string;
  readonly line: string;
}

/** How the checks of one kind have gone lately. */
export interface Tally {
  readonly status: Condition['status'];
  /** Good ones in a row; counted up to the threshold. */
  readonly successes: number;
  /** Bad ones in a row, newest last; kept up to the threshold. */
  readonly failures: readonly Failure[];
}

export interface Thresholds {
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

/** Counts one check; without a `failure` it was good. */
export function count(tally: Tally, { failureThreshold, successThreshold }: Thresholds, failure?: Failure): Tally {
  if (failure === undefined) {
    const successes = Math.min(tally.successes + 1, successThreshold);
    return { status: successes === successThreshold ? 'true' : tally.status, successes, failures: [] };
  }
  const failures = [...tally.failures, failure].slice(-failureThreshold);
  return { status: failures.length === failureThreshold ? 'false' : tally.status, successes: 0, failures };
}

/** `HTTP 503 ×2, no answer within 2 s`. */
export function summarize(failures: readonly Failure[]): string {
  const runs: { text: string; times: number }[] = [];
  for (const { brief: text } of failures) {
    const last = runs.at(-1);
    if (last?.text === text) last.times++;
    else runs.push({ text, times: 1 });
  }
  return runs.map(({ text, times }) => (times === 1 ? text : `${text} ×${times}`)).join(', ');
}
