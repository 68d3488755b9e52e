import type { MarkerContent } from './marker.ts';

/** What a contender knows of a marker that is in its way. */
export interface Evidence {
  readonly kind: MarkerContent['kind'];
  /** The process that it names has ended; see `owner.ts`. */
  readonly hasEnded: boolean;
  /** For how long it has been seen unchanged, by the monotonic clock of the contender, ms. */
  readonly unchangedMs: number;
  /** By the clock of the file system, ms. */
  readonly ageMs: number;
  /** `stale` of the options. */
  readonly staleMs: number;
}

/**
 * Between the creation of a marker and the writing of its record there is a moment, ms. `filelock` has the same limit.
 */
export const halfWrittenMs = 2000;

/** Whether nobody holds the lock any more. In doubt somebody does. */
export function isLeftBehind({ kind, hasEnded, unchangedMs, ageMs, staleMs }: Evidence): boolean {
  switch (kind) {
    case 'owner':
      return hasEnded;
    case 'malformed':
      return unchangedMs >= halfWrittenMs;
    case 'empty':
      // Seen for a while as well, for a clock that is set forward makes every file old.
      return unchangedMs >= halfWrittenMs && ageMs >= staleMs;
    case 'hidden':
      return false;
  }
}
