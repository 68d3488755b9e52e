import type { LockView } from '@promptbin/core';
import { viewAt } from './inspect.ts';
import type { LockPlace } from './names.ts';

/**
 * Those in one manager who want one lock: the first has it, or tries for it; the others wait in the order in which they
 * came.
 */
export class Line {
  readonly place: LockPlace;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #isHeld = false;
  #acquiredAt: string | undefined;

  constructor(place: LockPlace) {
    this.place = place;
  }

  get isEmpty(): boolean {
    return !this.#isTaken;
  }

  /** Where in the program the lock was acquired that is held here. */
  get acquiredAt(): string | undefined {
    return this.#acquiredAt;
  }

  view(): LockView {
    const { path, marker: file } = this.place;
    const marker = viewAt(file);
    // The first one waits as well, for other processes.
    const waiting = this.#waiting.length + (this.#isTaken && !this.#isHeld ? 1 : 0);
    return {
      path,
      ...(marker && { marker }),
      ...(this.#acquiredAt !== undefined && { acquiredAt: this.#acquiredAt }),
      waiting,
    };
  }

  /** Resolves when it is one's turn; rejects with the reason of the signal. */
  async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const turn = (): void => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = (): void => {
      this.#waiting.splice(this.#waiting.indexOf(turn), 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiting.push(turn);
    await promise;
  }

  /** Whose turn it is has the lock. */
  hold(acquiredAt: string | undefined): void {
    this.#isHeld = true;
    this.#acquiredAt = acquiredAt;
  }

  /** The next one's turn. */
  leave(): void {
    this.#isHeld = false;
    this.#acquiredAt = undefined;
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}
