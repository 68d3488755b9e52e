import { setImmediate as nextIteration, setTimeout as sleep } from 'node:timers/promises';

/** A look at the whole machine, shared by everybody who asks at about the same time: 100 askers take two looks, not 100. */
export class Sweep<T> {
  readonly #look: () => T;
  #next: Promise<T> | undefined;
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

  async #sweepSoon(): Promise<T> {
    const waitMs = this.#notBefore - performance.now();
    await (waitMs > 1 ? sleep(waitMs) : nextIteration());
    this.#next = undefined;
    const startedAt = performance.now();
    try {
      return this.#look();
    } finally {
      const endedAt = performance.now();
      this.#notBefore = endedAt + (endedAt - startedAt);
    }
  }
}
