import type { Condition, Failing } from '@promptbin/core';

/** What was wrong at one check: in a few words, and as a line of the transcript. */
export interface Failure {
  readonly brief: string;
  readonly line: string;
  /** It counts at once, whatever the threshold. */
  readonly isFinal: boolean;
}

/** Turned more than `changes` times within `windowMs`, a process flaps. */
export interface Flapping {
  readonly changes: number;
  readonly windowMs: number;
}

export interface Rules {
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly flapping: Flapping;
}

/** When a check has ended: `now` on the monotonic clock, `wall` since the epoch, ms. */
export interface Moment {
  readonly now: number;
  readonly wall: number;
}

/** How the checks of one kind have gone lately. */
export interface Tally {
  readonly status: Condition['status'];
  /** Absent while all is well. */
  readonly verdict?: Failing['verdict'] | undefined;
  /** Good ones in a row; counted up to the threshold. */
  readonly successes: number;
  /** Bad ones in a row, newest last; kept up to the threshold. */
  readonly failures: readonly Failure[];
  /** How many bad ones in a row there are. */
  readonly row: number;
  /** When the last row of bad ones began; wall clock. */
  readonly since: number;
  readonly lastGoodAt?: number | undefined;
  /** Undefined until a first check has said so. */
  readonly fails?: boolean | undefined;
  /** When it began to fail or ceased to; monotonic, as many as matter. */
  readonly turns: readonly number[];
}

/** A tally that goes on from what holds already. */
export function begin({ status, reason, since, failing }: Condition): Tally {
  // `Ready`, as core says it, and `CheckPassed` came with a good answer.
  const wasGood = status === 'true' && reason !== 'NotChecked';
  return {
    status,
    verdict: failing?.verdict,
    successes: 0,
    failures: [],
    row: 0,
    since: failing?.since ?? since,
    lastGoodAt: failing?.lastGoodAt ?? (wasGood ? since : undefined),
    fails: failing !== undefined || status === 'false' || (status === 'true' ? false : undefined),
    turns: [],
  };
}

/** Counts one check; without a `failure` it was good. */
export function count(tally: Tally, rules: Rules, at: Moment, failure?: Failure): Tally {
  const counted = failure === undefined ? pass(tally, rules, at) : fail(tally, rules, at, failure);
  const turned = tally.fails !== undefined && counted.fails !== tally.fails;
  const turns = turned ? [...tally.turns, at.now].slice(-(rules.flapping.changes + 1)) : tally.turns;
  return { ...counted, turns, verdict: judge({ ...counted, turns }, rules.flapping, at.now) };
}

function pass(tally: Tally, { successThreshold }: Rules, { wall }: Moment): Tally {
  const successes = Math.min(tally.successes + 1, successThreshold);
  const counted: Tally = { ...tally, successes, failures: [], row: 0, lastGoodAt: wall };
  return successes === successThreshold ? { ...counted, status: 'true', fails: false } : counted;
}

function fail(tally: Tally, { failureThreshold }: Rules, { wall }: Moment, failure: Failure): Tally {
  const row = tally.row + 1;
  return {
    ...tally,
    status: row >= failureThreshold || failure.isFinal ? 'false' : tally.status,
    successes: 0,
    failures: [...tally.failures, failure].slice(-failureThreshold),
    row,
    since: row === 1 ? wall : tally.since,
    fails: true,
  };
}

function judge(
  { fails, status, turns, verdict }: Tally,
  { changes, windowMs }: Flapping,
  now: number,
): Tally['verdict'] {
  const recent = turns.filter((turn) => turn > now - windowMs).length;
  // It ends at half of what begins it: else one that turns evenly would flap and not flap by turns.
  if (recent > (verdict === 'flapping' ? changes / 2 : changes)) return 'flapping';
  if (fails !== true) return undefined;
  return status === 'false' ? 'persistent' : 'transient';
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
