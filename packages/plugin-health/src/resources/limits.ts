import type { Limit } from './settings.ts';

/** How one resource of one incarnation stands to its limit. Times are monotonic, ms. */
export interface LimitState {
  /** Of the last reading. */
  readonly at?: number;
  /** Of the first reading over the limit without one below since. */
  readonly overSince?: number;
  readonly warned: boolean;
  readonly exceeded: boolean;
}

/** What is to be said now. */
export type LimitWord = 'warning' | 'exceeded';

export const unread: LimitState = { warned: false, exceeded: false };

const warnAt = 0.8;
const rearmAt = 0.7;

/** A pause this long is no evidence of what was in it, ms: the manager was held up. Or as long as `for` is. */
const longestGapMs = 3000;

/** Judges one reading: the warning comes once until it has gone down again, the end once for an incarnation. */
export function judge(
  before: LimitState,
  { max, forMs }: Limit,
  { at, value }: { readonly at: number; readonly value: number },
): { readonly state: LimitState; readonly says: readonly LimitWord[] } {
  const gapMs = before.at === undefined ? 0 : at - before.at;
  const known = gapMs <= Math.max(forMs, longestGapMs) ? before.overSince : undefined;
  const overSince = value > max ? (known ?? at) : undefined;
  const isNear = value >= warnAt * max;
  const isOver = overSince !== undefined && at - overSince >= forMs;
  const says: LimitWord[] = [];
  if (isNear && !before.warned) says.push('warning');
  if (isOver && !before.exceeded) says.push('exceeded');
  return {
    says,
    state: {
      at,
      ...(overSince === undefined ? {} : { overSince }),
      warned: isNear || (before.warned && value >= rearmAt * max),
      exceeded: before.exceeded || isOver,
    },
  };
}

/** How often a process must be read so that three readings lie within `for`, ms. */
export function readingPeriod({ forMs }: Limit): number {
  return Math.min(5000, Math.max(500, forMs / 3));
}
