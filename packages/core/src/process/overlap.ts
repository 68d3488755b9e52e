import type { ResolvedProcess } from '../contract/config.ts';
import type { Cause } from '../contract/process.ts';
import type { ReapReport } from '../contract/runner.ts';
import type { Incarnation } from './incarnation.ts';
import type { ProcessRecord } from './record.ts';
import type { LeaderExit } from './spawn.ts';
import type { Starting } from './start-conditions.ts';
import type { SupervisorHost } from './supervisor-host.ts';
import { concludeExit } from './verdict.ts';

type StopSettings = ResolvedProcess['stop'];

/** The run that serves on while the next one starts: it is ended when that is ready, or goes on when that never is. */
export class Overlap {
  readonly #record: ProcessRecord;
  readonly #process: Starting;
  readonly #host: SupervisorHost;
  #former: { readonly incarnation: Incarnation; readonly stop: StopSettings } | undefined;
  /** Those that are being ended, and why. */
  readonly #leaving = new Map<Incarnation, Cause>();

  constructor(process: Starting, record: ProcessRecord, host: SupervisorHost) {
    this.#process = process;
    this.#record = record;
    this.#host = host;
  }

  /** The one that serves on. */
  get former(): Incarnation | undefined {
    return this.#former?.incarnation;
  }

  /** @param stop how it is ended: as it was configured when it ran alone */
  begin(incarnation: Incarnation, stop: StopSettings): void {
    this.#former = { incarnation, stop };
  }

  /**
   * Takes the exit of one that is no longer, or not alone, the run of the process. False for any other.
   *
   * @param next the run that takes its place, if that has begun
   */
  exited(incarnation: Incarnation, { code, signal, leftovers }: LeaderExit, next: Incarnation | undefined): boolean {
    const cause = this.#leaving.get(incarnation);
    const former = this.#former?.incarnation === incarnation ? this.#former : undefined;
    if (cause === undefined && former === undefined) return false;
    const ending = cause && ({ kind: 'stop', cause } as const);
    const { exit, lastLines } = concludeExit(incarnation, { code, signal, ending }, this.#process, this.#host);
    this.#record.exited(incarnation.generation, exit, lastLines);
    this.#leaving.delete(incarnation);
    if (former === undefined) return true;
    this.#former = undefined;
    const { graceMs } = former.stop;
    if (leftovers.length > 0) this.#conclude(incarnation, incarnation.child.reap({ signal: 'SIGTERM', graceMs }), next);
    return true;
  }

  /** It goes on as the run of the process. */
  takeBack(): Incarnation | undefined {
    const { former } = this;
    this.#former = undefined;
    return former;
  }

  /** Ends it. The end of `next`, whenever that comes, waits for it. */
  retire(next: Incarnation, cause: Cause, graceMs?: number): void {
    if (this.#former === undefined) return;
    const { incarnation, stop } = this.#former;
    this.#former = undefined;
    this.#leaving.set(incarnation, cause);
    this.#conclude(incarnation, incarnation.end(undefined, stop.signal, graceMs ?? stop.graceMs), next);
  }

  #conclude({ generation }: Incarnation, reaping: Promise<ReapReport>, next: Incarnation | undefined): void {
    const ended = reaping.then((report) => this.#host.post(() => this.#record.stopped(generation, report)));
    next?.companions.add(ended);
    void ended.then(() => next?.companions.delete(ended));
  }

  /** Skips what is left of the grace. */
  kill(): void {
    for (const incarnation of this.#leaving.keys()) incarnation.kill();
  }
}
