import type { Clock } from '@promptbin/core';

/** Timers do not run while the machine sleeps, and know nothing of a wall clock that is set: so it is looked at now and then. */
const longestSleepMs = 3_600_000;
/** Set back by less, the wall clock has only been corrected: a time that has come does not come again. */
const correctionMs = 3_600_000;

/**
 * Calls `due` at each time of a schedule by the wall clock. Of the times that were slept through, the newest moment counts
 * for all of them.
 */
export class Timetable {
  readonly #clock: Clock;
  readonly #nextAfter: (at: number) => number | undefined;
  readonly #due: (at: number) => void;
  #timer: Disposable | undefined;
  #next: number | undefined;
  /** Wall clock at the last time that was due. */
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param nextAfter the first time after `at`, both in ms since the epoch; undefined when none is left */
  constructor(clock: Clock, nextAfter: (at: number) => number | undefined, due: (at: number) => void) {
    this.#clock = clock;
    this.#nextAfter = nextAfter;
    this.#due = due;
    this.#plan();
  }

  /** Ms since the epoch; undefined when none is left. */
  get next(): number | undefined {
    return this.#next;
  }

  end(): void {
    this.#timer?.[Symbol.dispose]();
  }

  #wake(): void {
    const now = this.#clock.wall();
    const dueAt = this.#next;
    const isDue = dueAt !== undefined && now >= dueAt;
    if (isDue) this.#lastAt = now;
    else if (now < this.#lastAt - correctionMs) this.#lastAt = Number.NEGATIVE_INFINITY;
    this.#plan();
    if (isDue) this.#due(dueAt);
  }

  #plan(): void {
    const now = this.#clock.wall();
    this.#next = this.#nextAfter(Math.max(now, this.#lastAt));
    if (this.#next === undefined) return;
    const sleepMs = Math.min(this.#next - now, longestSleepMs);
    this.#timer = this.#clock.after(sleepMs, () => this.#wake());
  }
}
