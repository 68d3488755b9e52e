import { constants } from 'node:os';
import type { Cause, CauseCode, Decision, ExitInfo } from '@promptbin/core';
import { type Backoff, delayBefore } from './backoff.ts';

export type When = 'on-failure' | 'always' | 'never' | 'unless-stopped';

/** A restart policy with every default filled in. */
export interface Policy {
  readonly when: When;
  readonly backoff: Backoff;
  readonly resetAfterMs: number;
  readonly maxRestarts: number;
  readonly windowMs: number;
  readonly successCodes: readonly number[];
  readonly noRestartCodes: readonly number[];
}

/** What is remembered of a process from one exit to the next. */
export interface History {
  /** Restarts since it was last stable. */
  readonly streak: number;
  /** When the newest restarts were decided, ms on the monotonic clock, oldest first. Never more than `maxRestarts`. */
  readonly restartedAt: readonly number[];
}

export const noHistory: History = { streak: 0, restartedAt: [] };

/**
 * A command that is not there fails the same way again; what was ended for a crash loop is not to begin another one. A file
 * that was missed may be there the next time, and what somebody else has to do may be done.
 */
const hopeless: ReadonlySet<CauseCode> = new Set(['commandNotFound', 'crashLoop']);

/** What comes after an exit that nobody asked for. `random` is in [0, 1). Pure. */
export function decide(
  policy: Policy,
  history: History,
  exit: ExitInfo,
  now: number,
  random: number,
): { readonly decision: Decision; readonly history: History } {
  if (settles(policy, exit)) return { decision: { action: 'settle' }, history };
  const final = finalCause(policy, exit);
  if (final !== undefined) return { decision: { action: 'giveUp', cause: final }, history };
  const streak = exit.readyMs >= policy.resetAfterMs ? 0 : history.streak;
  const limit = exceededLimit(policy, streak, history.restartedAt, now);
  if (limit !== undefined) return { decision: { action: 'giveUp', cause: crashLoop(limit, exit) }, history };
  const attempt = streak + 1;
  return {
    decision: { action: 'retry', delayMs: delayBefore(policy.backoff, attempt, random), attempt },
    history: { streak: attempt, restartedAt: [...history.restartedAt, now].slice(-policy.maxRestarts) },
  };
}

/** Whether it has ended as it should, and is not wanted again. */
export function settles({ when, successCodes }: Policy, exit: ExitInfo): boolean {
  return when !== 'always' && when !== 'unless-stopped' && hasCode(exit, successCodes);
}

/** Why it is not tried again however few restarts there were; undefined when it may be. */
function finalCause(policy: Policy, exit: ExitInfo): Cause | undefined {
  const { cause } = exit;
  if (policy.when === 'never' || policy.maxRestarts === 0 || isHopeless(exit)) return cause;
  if (!hasCode(exit, policy.noRestartCodes)) return undefined;
  return { ...cause, message: `${cause.message}, which is in noRestartCodes` };
}

function isHopeless({ cause, wasReady }: ExitInfo): boolean {
  // What was ready has found its own command; it missed another one.
  return hopeless.has(cause.code) && !(wasReady && cause.code === 'commandNotFound');
}

/** Never of one that was ended for having failed: what it exited with then says nothing. */
function hasCode(exit: ExitInfo, codes: readonly number[]): boolean {
  if (exit.condemned) return false;
  // Shells report a death by signal as 128 plus its number; so may a code in the config.
  const code = exit.signal === null ? exit.code : 128 + constants.signals[exit.signal];
  return code !== null && codes.includes(code);
}

/** The sentence that says which limit is exceeded, or undefined. */
function exceededLimit(
  policy: Policy,
  streak: number,
  restartedAt: readonly number[],
  now: number,
): string | undefined {
  const { maxRestarts, windowMs, resetAfterMs } = policy;
  const oldest = restartedAt.at(-maxRestarts);
  if (oldest === undefined) return undefined;
  const restarts = `${maxRestarts} ${maxRestarts === 1 ? 'restart' : 'restarts'} in ${seconds(now - oldest)}`;
  if (now - oldest <= windowMs) return `${restarts}, limit ${maxRestarts} in ${seconds(windowMs)}`;
  // Delays longer than the window would otherwise retry for ever.
  if (streak < maxRestarts) return undefined;
  return `${restarts} without ${seconds(resetAfterMs)} of being ready, limit ${maxRestarts}`;
}

function crashLoop(message: string, exit: ExitInfo): Cause {
  const { cause } = exit;
  const hint = cause.hint === undefined ? {} : { hint: cause.hint };
  return { code: 'crashLoop', message, evidence: [cause.message, ...cause.evidence], ...hint };
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(ms < 10_000 ? 1 : 0))} s`;
}
