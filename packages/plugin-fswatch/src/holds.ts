import type { Clock } from '@promptbin/core';

/** Somebody edits, and does not want to be disturbed before it is done. */
export interface Hold {
  readonly lease: string;
  /** The process whose changes are kept; undefined for all. */
  readonly name?: string | undefined;
  readonly caller: string;
  /** Wall clock, ms since the epoch. */
  readonly until: number;
}

/** Leases by which changes are kept together; each ends by itself in time, for who took it may be gone. */
export class Holds {
  readonly #clock: Clock;
  readonly #ended: (hold: Hold, isExpired: boolean) => void;
  readonly #held = new Map<string, { readonly hold: Hold; readonly timer: Disposable }>();
  #last = 0;

  /** @param ended called when a hold is gone */
  constructor(clock: Clock, ended: (hold: Hold, isExpired: boolean) => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  get all(): readonly Hold[] {
    return [...this.#held.values()].map(({ hold }) => hold);
  }

  isHeld(process: string): boolean {
    return this.all.some(({ name }) => name === undefined || name === process);
  }

  add({ name, caller, ms }: { name?: string | undefined; caller: string; ms: number }): Hold {
    this.#last += 1;
    const lease = `hold-${this.#last}`;
    const hold: Hold = { lease, name, caller, until: this.#clock.wall() + ms };
    this.#held.set(lease, { hold, timer: this.#clock.after(ms, () => this.#end(lease, true)) });
    return hold;
  }

  /** Undefined when it has ended already, or never was. */
  release(lease: string): Hold | undefined {
    return this.#end(lease, false);
  }

  #end(lease: string, isExpired: boolean): Hold | undefined {
    const entry = this.#held.get(lease);
    if (entry === undefined) return undefined;
    this.#held.delete(lease);
    entry.timer[Symbol.dispose]();
    this.#ended(entry.hold, isExpired);
    return entry.hold;
  }
}
