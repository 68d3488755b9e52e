export interface Backoff {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter: Jitter;
}

/** How much of a delay is drawn, so that several processes that failed together do not come back together. */
export type Jitter = 'full' | 'equal' | 'none';

/**
 * Delay before the retry `attempt`, counted from 1, in ms. `full` draws it between the step before and its own, so that the
 * gaps of one process never shrink; `equal` between half of its own step and the whole of it, so that they may shrink with
 * a `factor` below 2 and once `maxMs` is reached, where `full` has no room left to draw from.
 *
 * @param random in [0, 1)
 */
export function delayBefore(backoff: Backoff, attempt: number, random: number): number {
  const step = (exponent: number) => Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** exponent);
  const longest = step(attempt - 1);
  const shortest = shortestOf(backoff.jitter, longest, step(attempt - 2));
  return Math.round(shortest + (longest - shortest) * random);
}

function shortestOf(jitter: Jitter, longest: number, before: number): number {
  if (jitter === 'none') return longest;
  return jitter === 'full' ? before : longest / 2;
}
