import { setImmediate as nextIteration } from 'node:timers/promises';

/** How long is worked before everybody else has a turn, ms. */
const sliceMs = 10;

/** Divides long work into slices, between which everybody else has a turn. */
export class Slices {
  readonly #signal: AbortSignal;
  #began: number = performance.now();

  /** @param signal ends the work */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time for `next`. */
  get isOver(): boolean {
    return performance.now() - this.#began >= sliceMs;
  }

  /** @throws the reason of the signal */
  async next(): Promise<void> {
    await nextIteration();
    this.#signal.throwIfAborted();
    this.#began = performance.now();
  }
}
