import type { Clock } from '../contract/clock.ts';
import type { ExitInfo } from '../contract/process.ts';
import type { ReapReport, RunningChild } from '../contract/runner.ts';

/** One run of a process, from spawn to verified end. */
export class Incarnation {
  readonly generation: number;
  child!: RunningChild;
  /** How it ended, once that is known. */
  exit?: ExitInfo;
  readonly #clock: Clock;
  readonly #spawnedAt: number;
  readonly #probes = new AbortController();
  readonly #patience = new AbortController();
  #readyAt?: number;

  constructor(generation: number, clock: Clock) {
    this.generation = generation;
    this.#clock = clock;
    this.#spawnedAt = clock.now();
  }

  get uptimeMs(): number {
    return this.#clock.now() - this.#spawnedAt;
  }

  /** Aborted when nobody needs to know any more whether it is ready. */
  get probing(): AbortSignal {
    return this.#probes.signal;
  }

  markReady(): void {
    this.#readyAt = this.#clock.now();
  }

  endProbes(): void {
    this.#probes.abort();
  }

  exitInfo(code: number | null, signal: NodeJS.Signals | null): Omit<ExitInfo, 'cause' | 'condemned'> {
    const readyMs = this.#readyAt === undefined ? 0 : this.#clock.now() - this.#readyAt;
    return { code, signal, uptimeMs: this.uptimeMs, readyMs, wasReady: this.#readyAt !== undefined };
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
    return this.child.reap({ signal, graceMs: left });
  }

  /** Skips what is left of the grace. */
  kill(): void {
    this.#patience.abort();
    this.child.kill();
  }
}
