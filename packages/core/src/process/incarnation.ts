import type { Clock } from '../contract/clock.ts';
import type { ExitInfo } from '../contract/process.ts';
import type { LaunchPlan, ReapReport, RunningChild } from '../contract/runner.ts';
import type { Whereabouts } from './whereabouts.ts';

/** One run of a process, from spawn to verified end. */
export class Incarnation {
  /** What it was spawned with. Its environment holds secrets. */
  readonly plan: LaunchPlan;
  /** An earlier manager has spawned it. */
  readonly isAdopted: boolean;
  child!: RunningChild;
  /** How it ended, once that is known. */
  exit?: ExitInfo;
  /** Where it really listens; absent without a port. */
  whereabouts?: Whereabouts;
  /** Commands that run beside it. */
  readonly companions: Set<Promise<unknown>> = new Set();
  readonly #clock: Clock;
  #generation: number;
  readonly #spawnedAt: number;
  readonly #probes = new AbortController();
  readonly #patience = new AbortController();
  readonly #life = new AbortController();
  /** Since when it has been ready without a break; undefined while it is not. */
  #readySince?: number | undefined;
  /** Its longest time of being ready that is over. */
  #longestReadyMs = 0;
  #wasReady = false;

  /** @param ageMs how long it has run already: it was taken over */
  constructor(plan: LaunchPlan, clock: Clock, ageMs?: number) {
    this.plan = plan;
    this.#generation = plan.generation;
    this.isAdopted = ageMs !== undefined;
    this.#clock = clock;
    this.#spawnedAt = clock.now() - (ageMs ?? 0);
  }

  /** Which run it counts as: not the one that it was spawned as, when it goes on instead of one that did not become ready. */
  get generation(): number {
    return this.#generation;
  }

  relabel(generation: number): void {
    this.#generation = generation;
  }

  get uptimeMs(): number {
    return this.#clock.now() - this.#spawnedAt;
  }

  /** Aborted when nobody needs to know any more whether it is ready. */
  get probing(): AbortSignal {
    return this.#probes.signal;
  }

  /** Aborted when its tree is ended, or its leader has exited: what runs beside it ends then, too. */
  get over(): AbortSignal {
    return this.#life.signal;
  }

  setReady(ready: boolean): void {
    this.#wasReady ||= ready;
    this.#longestReadyMs = this.#readyMs();
    this.#readySince = ready ? (this.#readySince ?? this.#clock.now()) : undefined;
  }

  endProbes(): void {
    this.#probes.abort();
  }

  /** Its leader has exited. */
  endLife(): void {
    this.endProbes();
    this.#life.abort();
  }

  exitInfo(code: number | null, signal: NodeJS.Signals | null): Omit<ExitInfo, 'cause' | 'condemned'> {
    return { code, signal, uptimeMs: this.uptimeMs, readyMs: this.#readyMs(), wasReady: this.#wasReady };
  }

  #readyMs(): number {
    const now = this.#clock.now();
    return Math.max(this.#longestReadyMs, now - (this.#readySince ?? now));
  }

  /**
   * Drains for half of `graceMs` at most, then ends the whole tree within what is left of it. Never rejects.
   *
   * @param drain resolves when plugins are done with `beforeStop`; undefined when none listens, so that the signal goes
   * out in this very turn
   */
  async end(drain: (() => Promise<void>) | undefined, signal: NodeJS.Signals, graceMs: number): Promise<ReapReport> {
    this.endProbes();
    const began = this.#clock.now();
    if (drain !== undefined && this.child.alive) {
      const drained = new AbortController();
      // The other half is the process's own: a plugin that hangs must not make SIGKILL the first thing it hears.
      const enough = this.#clock.sleep(graceMs / 2, AbortSignal.any([this.#patience.signal, drained.signal]));
      await Promise.race([drain(), enough.catch(() => undefined)]);
      drained.abort();
    }
    const left = this.#patience.signal.aborted ? 0 : Math.max(0, graceMs - (this.#clock.now() - began));
    this.#life.abort();
    const [report] = await Promise.all([
      this.child.reap({ signal, graceMs: left, otherPort: this.whereabouts?.otherPort }),
      Promise.allSettled(this.companions),
    ]);
    return report;
  }

  /** Skips what is left of the grace. */
  kill(): void {
    this.#patience.abort();
    this.child.kill();
  }
}

/** An incarnation for who must not touch its child. */
export type Run = Pick<Incarnation, 'generation' | 'plan' | 'over' | 'companions' | 'whereabouts'>;
