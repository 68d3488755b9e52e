import type { Clock } from '@promptbin/core';
import type { WatchPlan } from '../settings.ts';
import { Burst } from './burst.ts';
import { Contents, type FileChange } from './contents.ts';
import { Lookout, stampLagMs } from './lookout.ts';

/** How often is asked whether what changes wait for has gone, ms. */
const askAgainMs = 250;

export interface FileWatchParts {
  readonly plan: WatchPlan;
  /** Absolute. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  /** Whether changes are kept until `resume`. */
  isHeld(): boolean;
  /** What changes have to wait for; undefined when for nothing. */
  blockedBy(): Promise<string | undefined>;
  /** Files have changed and have come to rest. */
  changed(files: readonly FileChange[]): void;
  /** Changes begin to wait. */
  waits(files: number, why: string): void;
  /** So many files are watched from now on. */
  ready(files: number): void;
  polls(ms: number, why: string): void;
  fault(message: string): void;
}

/** One plan at work: gathers what changes, and tells it once it has come to rest and nothing holds it. */
export class FileWatch {
  readonly plan: WatchPlan;
  readonly #parts: FileWatchParts;
  readonly #contents = new Contents();
  readonly #lookout: Lookout;
  readonly #burst: Burst;
  /** Files of bursts that are over. */
  readonly #pending = new Set<string>();
  #flushing: Promise<void> | undefined;
  #timer: Disposable | undefined;
  #waitsFor: string | undefined;
  /** What was written before has been told; ms since the epoch. */
  #toldUpTo: number;
  #isEnded = false;

  constructor(parts: FileWatchParts) {
    const { plan, paths, clock } = parts;
    this.plan = plan;
    this.#toldUpTo = clock.wall() - stampLagMs;
    this.#parts = parts;
    this.#burst = new Burst(clock, plan, (files) => {
      for (const file of files) this.#pending.add(file);
      this.resume();
    });
    this.#lookout = new Lookout({
      plan,
      paths,
      clock,
      contents: this.#contents,
      changed: (path) => this.#burst.add(path),
      ready: (files) => parts.ready(files),
      polls: (ms, why) => parts.polls(ms, why),
      fault: (message) => parts.fault(message),
    });
  }

  /** How often is looked, ms; undefined while the system tells. */
  get pollMs(): number | undefined {
    return this.#lookout.pollMs;
  }

  /** Files that have changed, as far as is known, and wait. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** What they wait for, beside a hold. */
  get waitsFor(): string | undefined {
    return this.#waitsFor;
  }

  /** Nothing holds the changes back any more. */
  resume(): void {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
      // What came to rest meanwhile.
      if (this.#timer === undefined && this.#canTell()) this.resume();
    });
  }

  /** Resolves when all that has been written so far has been told, or waits. */
  async settled(signal: AbortSignal): Promise<void> {
    const { clock, plan } = this.#parts;
    // On a busy machine what was written last is told late.
    await this.#lookout.look(this.#toldUpTo);
    while (!this.#burst.isEmpty) await clock.sleep(plan.debounceMs, signal);
    await this.#flushing;
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    this.#burst.cancel();
    this.#timer?.[Symbol.dispose]();
    await Promise.all([this.#lookout.end(), this.#flushing]);
  }

  #canTell(): boolean {
    return this.#pending.size > 0 && !this.#isEnded && !this.#parts.isHeld();
  }

  async #flush(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (!this.#canTell()) return;
    const why = await this.#parts.blockedBy();
    if (this.#isEnded) return;
    if (why !== undefined) return this.#wait(why);
    this.#waitsFor = undefined;
    this.#toldUpTo = this.#parts.clock.wall() - stampLagMs;
    const files = [...this.#pending];
    this.#pending.clear();
    const changes = await this.#contents.changesOf(files);
    if (changes.length > 0 && !this.#isEnded) this.#parts.changed(changes);
  }

  #wait(why: string): void {
    const { clock, waits } = this.#parts;
    if (this.#waitsFor === undefined) waits(this.#pending.size, why);
    this.#waitsFor = why;
    this.#timer = clock.after(askAgainMs, () => this.resume());
  }
}
