import type { Clock, ProcessView } from '@promptbin/core';
import { Meter, type Reading } from './meter.ts';
import type { Usage } from './usage.ts';

/** What the sampler needs of the manager. */
export interface SampleSource {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  processes(): readonly ProcessView[];
  /** Pids of the process's tree. */
  tree(name: string): Promise<readonly number[]>;
  read(pids: readonly number[]): Promise<ReadonlyMap<number, Usage>>;
  /** How often the process is to be read, ms; undefined when nobody needs it. */
  periodOf(name: string): number | undefined;
  took(process: ProcessView, reading: Reading): void;
}

interface Followed {
  readonly process: ProcessView;
  readonly meter: Meter;
  readonly periodMs: number;
  /** When it was read last; -Infinity for never. */
  readAt: number;
  dueAt: number;
}

/** A boot spawns many one after the other: the first look is at all of them. ms. */
const settleMs = 250;

/** Reads all process trees, one reading for all that are due, and sleeps without a timer while nobody needs it. */
export class Sampler {
  readonly #source: SampleSource;
  #followed: ReadonlyMap<string, Followed> = new Map();
  #timer: { readonly at: number; readonly disposable: Disposable } | undefined;
  #reading: Promise<void> | undefined;
  #isWoken = false;

  constructor(source: SampleSource) {
    this.#source = source;
  }

  /** To be called when something has been spawned or configured; cheap, and harmless at any time. */
  wake(): void {
    if (this.#reading !== undefined) this.#isWoken = true;
    else this.#schedule(this.#source.clock.now() + settleMs);
  }

  /** Reads at once what has not been read for as long as its period is now. Resolves when that is done. */
  async refresh(): Promise<void> {
    await this.#reading;
    if (this.#source.signal.aborted) return;
    const now = this.#source.clock.now();
    this.#follow(now);
    for (const one of this.#followed.values()) if (one.readAt + one.periodMs <= now) one.dueAt = now;
    await this.#read();
  }

  #schedule(at: number): void {
    const { clock, signal } = this.#source;
    if (signal.aborted || (this.#timer !== undefined && this.#timer.at <= at)) return;
    this.#timer?.disposable[Symbol.dispose]();
    const disposable = clock.after(Math.max(0, at - clock.now()), () => {
      this.#timer = undefined;
      void this.#read();
    });
    this.#timer = { at, disposable };
  }

  /** One at a time. */
  #read(): Promise<void> {
    this.#reading ??= this.#readDue().finally(() => this.#goOn());
    return this.#reading;
  }

  #goOn(): void {
    this.#reading = undefined;
    for (const { dueAt } of this.#followed.values()) this.#schedule(dueAt);
    if (!this.#isWoken) return;
    this.#isWoken = false;
    this.wake();
  }

  async #readDue(): Promise<void> {
    const { clock, signal } = this.#source;
    if (signal.aborted) return;
    try {
      const now = clock.now();
      this.#follow(now);
      const due = [...this.#followed.values()].filter(({ dueAt }) => dueAt <= now);
      for (const one of due) {
        one.readAt = now;
        one.dueAt = nextTurn(now, one.periodMs);
      }
      if (due.length > 0) await this.#take(due);
    } catch {
      // What cannot be read now is left out; the next time may succeed.
    }
  }

  #follow(now: number): void {
    const followed = new Map<string, Followed>();
    for (const process of this.#source.processes()) {
      const periodMs = process.pid === undefined ? undefined : this.#source.periodOf(process.name);
      if (periodMs === undefined) continue;
      const known = this.#followed.get(process.name);
      const goesOn = known?.process.generation === process.generation ? known : undefined;
      const meter = goesOn?.meter ?? new Meter();
      const dueAt = Math.min(goesOn?.dueAt ?? now, now + periodMs);
      const readAt = goesOn?.readAt ?? Number.NEGATIVE_INFINITY;
      followed.set(process.name, { process, periodMs, meter, readAt, dueAt });
    }
    this.#followed = followed;
  }

  async #take(due: readonly Followed[]): Promise<void> {
    const { processes, tree, read, took, clock, signal } = this.#source;
    const trees = await Promise.all(due.map(({ process }) => tree(process.name)));
    const usages = await read(trees.flat());
    const at = clock.now();
    if (signal.aborted) return;
    const present = new Map(processes().map(({ name, pid, generation }) => [name, pid && generation]));
    for (const [index, { process, meter }] of due.entries()) {
      if (present.get(process.name) !== process.generation) continue;
      const own = (trees[index] ?? []).flatMap((pid) => {
        const usage = usages.get(pid);
        return usage === undefined ? [] : [[pid, usage] as const];
      });
      const reading = meter.take(new Map(own), at);
      if (reading !== undefined) took(process, reading);
    }
  }
}

/** On a grid, so that those of one period meet in one reading, however far apart they were spawned. */
function nextTurn(now: number, periodMs: number): number {
  return Math.ceil((now + periodMs / 2) / periodMs) * periodMs;
}
