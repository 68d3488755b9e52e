import { setImmediate as nextIteration, setTimeout as sleep } from 'node:timers/promises';

/** A look at the whole machine, shared by everybody who asks at about the same time: 100 askers take two looks, not 100. */
export class Sweep<T> {
  readonly #look: () => T;
  #next: Promise<T> | undefined;
  #last: { readonly seen: T; readonly at: number } | undefined;
  /** Monotonic, ms: looks take at most half of the time, however much there is to see. */
  #notBefore = 0;

  constructor(look: () => T) {
    this.#look = look;
  }

  /** What was seen after this call, within some ms. */
  sweep(): Promise<T> {
    this.#next ??= this.#sweepSoon();
    return this.#next;
  }

  /** What was seen at most `maxAgeMs` before this call, or after it. */
  async recent(maxAgeMs: number): Promise<T> {
    const isFresh = this.#last !== undefined && performance.now() - this.#last.at <= maxAgeMs;
    return isFresh && this.#last !== undefined ? this.#last.seen : this.sweep();
  }

  async #sweepSoon(): Promise<T> {
    const waitMs = this.#notBefore - performance.now();
    await (waitMs > 1 ? sleep(waitMs) : nextIteration());
    this.#next = undefined;
    const startedAt = performance.now();
    try {
      const seen = this.#look();
      this.#last = { seen, at: startedAt };
      return seen;
    } finally {
      const endedAt = performance.now();
      this.#notBefore = endedAt + (endedAt - startedAt);
    }
  }
}
