/**
 * One queue for everything that can change a process: commands, exits, timers, probe results. A message is handled to
 * its end before the next begins; what it posts meanwhile waits its turn, and `afterTurn` runs between two of them.
 */
export class Mailbox {
  readonly #queue: (() => void)[] = [];
  readonly #afterTurn: () => void;
  readonly #onDefect: (fault: unknown) => void;
  #draining = false;

  constructor(afterTurn: () => void, onDefect: (fault: unknown) => void) {
    this.#afterTurn = afterTurn;
    this.#onDefect = onDefect;
  }

  /** Handles the message at once when nothing is being handled, else after what came before it. */
  post(message: () => void): void {
    this.#queue.push(message);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#guard(next);
        this.#guard(this.#afterTurn);
      }
    } finally {
      this.#draining = false;
    }
  }

  // A defect in one turn must not take the turns behind it along.
  #guard(fn: () => void): void {
    try {
      fn();
    } catch (fault) {
      this.#onDefect(fault);
    }
  }
}
