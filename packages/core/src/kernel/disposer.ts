import type { Clock } from '../contract/clock.ts';
import { within } from './within.ts';

/** What a scope must undo, last in first out, each with its own time. */
export class Disposer {
  readonly #clock: Clock;
  readonly #budgetMs: number;
  readonly #onFault: (fault: unknown) => void;
  #undo: (() => void | Promise<void>)[] = [];

  constructor(clock: Clock, budgetMs: number, onFault: (fault: unknown) => void) {
    this.#clock = clock;
    this.#budgetMs = budgetMs;
    this.#onFault = onFault;
  }

  add(undo: () => void | Promise<void>): void {
    this.#undo.push(undo);
  }

  /** Never rejects: a fault is reported and the rest goes on. */
  async dispose(): Promise<void> {
    const undo = this.#undo.reverse();
    this.#undo = [];
    for (const step of undo) {
      try {
        await within(this.#clock, this.#budgetMs, async () => step());
      } catch (fault) {
        this.#onFault(fault);
      }
    }
  }
}
