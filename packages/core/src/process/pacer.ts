import { setImmediate as nextIteration } from 'node:timers/promises';

/** So much is begun in one iteration of the event loop, ms: a fork takes a millisecond or two. */
const shareMs = 200;

/** Lets timers, sockets and probes have their turns while many processes begin at once. */
export class Pacer {
  readonly #now: () => number;
  /** When this iteration of the event loop has begun the first; undefined before that. */
  #since: number | undefined;
  #next: Promise<void> | undefined;

  /** @param now monotonic, ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Calls it as soon as there is time for one more: at once, unless many have begun in this iteration. */
  async begin(one: () => void): Promise<void> {
    while (this.#isUsedUp()) await this.#next;
    one();
  }

  #isUsedUp(): boolean {
    if (this.#since === undefined) {
      this.#since = this.#now();
      this.#next = nextIteration().then(() => {
        this.#since = undefined;
      });
    }
    return this.#now() - this.#since >= shareMs;
  }
}
