import type { Clock } from '@promptbin/core';

export interface BurstLimits {
  /** This long without another change ends it, ms. */
  readonly debounceMs: number;
  /** It ends after this long in any case, ms. */
  readonly maxWaitMs: number;
}

/** Gathers changes that come close together; `end` gets each path once, in the order of their first change. */
export class Burst {
  readonly #clock: Clock;
  readonly #limits: BurstLimits;
  readonly #end: (paths: readonly string[]) => void;
  readonly #paths = new Set<string>();
  #mustEndAt = 0;
  #timer: Disposable | undefined;

  constructor(clock: Clock, limits: BurstLimits, end: (paths: readonly string[]) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#end = end;
  }

  get isEmpty(): boolean {
    return this.#paths.size === 0;
  }

  add(path: string): void {
    const now = this.#clock.now();
    if (this.#paths.size === 0) this.#mustEndAt = now + this.#limits.maxWaitMs;
    this.#paths.add(path);
    this.#timer?.[Symbol.dispose]();
    const delayMs = Math.max(0, Math.min(this.#limits.debounceMs, this.#mustEndAt - now));
    this.#timer = this.#clock.after(delayMs, () => this.#flush());
  }

  /** Drops what has been gathered. */
  cancel(): void {
    this.#timer?.[Symbol.dispose]();
    this.#paths.clear();
  }

  #flush(): void {
    const paths = [...this.#paths];
    this.#paths.clear();
    this.#end(paths);
  }
}
