import { constants } from 'node:os';
import type { Cause, CauseCode, Decision, ExitInfo } from '@promptbin/core';

/** A restart policy with every default filled in. */
export interface Policy {
  readonly when: 'on-failure' | 'always' | 'never';
  readonly backoff: Backoff;
  readonly resetAfterMs: number;
  readonly maxRestarts: number;
  readonly windowMs: number;
  readonly successCodes: readonly number[];
}

export interface Backoff {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter: 'full' | 'none';
}

/** What is remembered of a process from one exit to the next. */
export interface History {
  /** Restarts since it was last stable. */
  readonly streak: number;
  /** When the newest restarts were decided, ms on the monotonic clock, oldest first. Never more than `maxRestarts`. */
  readonly restartedAt: readonly number[];
}

export const noHistory: History = { streak: 0, restartedAt: [] };

/** The same command in the same place fails the same way. */
const hopeless: ReadonlySet<CauseCode> = new Set(['commandNotFound', 'permissionDenied', 'missingFile']);

/** What comes after an exit that nobody asked for. `random` is in [0, 1). */
export function decide(
  policy: Policy,
  history: History,
  exit: ExitInfo,
  now: number,
  random: number,
): { readonly decision: Decision; readonly history: History } {
  if (policy.when !== 'always' && succeeded(policy, exit)) return { decision: { action: 'settle' }, history };
  if (policy.when === 'never' || policy.maxRestarts === 0 || hopeless.has(exit.cause.code)) {
    return { decision: { action: 'giveUp', cause: exit.cause }, history };
  }
  const streak = exit.readyMs >= policy.resetAfterMs ? 0 : history.streak;
  const limit = exceededLimit(policy, streak, history.restartedAt, now);
  if (limit !== undefined) return { decision: { action: 'giveUp', cause: crashLoop(limit, exit) }, history };
  const attempt = streak + 1;
  return {
    decision: { action: 'retry', delayMs: delayBefore(policy.backoff, attempt, random), attempt },
    history: { streak: attempt, restartedAt: [...history.restartedAt, now].slice(-policy.maxRestarts) },
  };
}

/**
 * Delay before the retry `attempt`, counted from 1. Full jitter spreads it evenly between the step before and its own,
 * so that the gaps of one process never shrink while those of several drift apart.
 */
export function delayBefore(backoff: Backoff, attempt: number, random: number): number {
  const step = (exponent: number) => Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** exponent);
  const longest = step(attempt - 1);
  if (backoff.jitter === 'none') return Math.round(longest);
  const shortest = step(attempt - 2);
  return Math.round(shortest + (longest - shortest) * random);
}

function succeeded(policy: Policy, exit: ExitInfo): boolean {
  if (exit.condemned) return false;
  // Shells report a death by signal as 128 plus its number; so may a success code.
  const code = exit.signal === null ? exit.code : 128 + constants.signals[exit.signal];
  return code !== null && policy.successCodes.includes(code);
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
  return { code: 'crashLoop', message, evidence: [exit.cause.message, ...exit.cause.evidence] };
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(ms < 10_000 ? 1 : 0))} s`;
}
