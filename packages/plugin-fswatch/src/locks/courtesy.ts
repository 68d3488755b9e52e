/** `filelock` looks every 50 ms whether a lock is free, and so do we at least, ms. */
const restMs = 60;
/** For so long a lock may be taken again and again without such a rest, ms. */
const longestRunMs = 250;

interface Run {
  readonly since: number;
  readonly releasedAt: number;
}

/**
 * Lets other processes have their turn. Who releases a lock can take it again at once, long before others see that it is
 * free; with a queue of its own it would have it for ever.
 */
export class Courtesy {
  readonly #now: () => number;
  /** By marker, the oldest release first. */
  readonly #runs = new Map<string, Run>();

  /** @param now monotonic, ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** For how long the marker is to be left alone before it is taken again, ms. */
  restMs(marker: string): number {
    const now = this.#now();
    const run = this.#runOf(marker, now);
    return run !== undefined && now - run.since >= longestRunMs ? restMs - (now - run.releasedAt) : 0;
  }

  released(marker: string, heldSince: number): void {
    const now = this.#now();
    const since = this.#runOf(marker, heldSince)?.since ?? heldSince;
    this.#runs.delete(marker);
    this.#runs.set(marker, { since, releasedAt: now });
    for (const [other, { releasedAt }] of this.#runs) {
      if (now - releasedAt < restMs) break;
      this.#runs.delete(other);
    }
  }

  /** The one that goes on at that time; undefined when the marker had its rest. */
  #runOf(marker: string, at: number): Run | undefined {
    const run = this.#runs.get(marker);
    return run !== undefined && at - run.releasedAt < restMs ? run : undefined;
  }
}
