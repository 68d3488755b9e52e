import type { Cause, ExitInfo } from '../contract/process.ts';
import type { ReapReport } from '../contract/runner.ts';
import { isTapped } from '../hooks/create.ts';
import type { Incarnation } from './incarnation.ts';
import type { ProcessRecord } from './record.ts';
import type { Subject, SupervisorHost } from './supervisor-host.ts';

/** What comes after the end of an incarnation. */
export type Sequel =
  | { readonly kind: 'stop'; readonly cause: Cause }
  | { readonly kind: 'relaunch'; readonly cause: Cause; readonly restart: boolean }
  | { readonly kind: 'decide'; readonly cause: Cause; readonly condemned: boolean };

export interface EndingOutcome {
  /** It has exited and nothing of its tree is left. */
  gone(exit: ExitInfo, sequel: Sequel): void;
  survived(pids: readonly number[], sequel: Sequel): void;
}

/** What happens in `stopping`: an incarnation is drained, signalled, and proven to be gone. */
export class Ending {
  readonly #process: Subject;
  readonly #record: ProcessRecord;
  readonly #host: Pick<SupervisorHost, 'hooks' | 'post'>;
  readonly #outcome: EndingOutcome;
  #sequel: Sequel | undefined;
  #report: ReapReport | undefined;

  constructor(
    process: Subject,
    record: ProcessRecord,
    host: Pick<SupervisorHost, 'hooks' | 'post'>,
    outcome: EndingOutcome,
  ) {
    this.#process = process;
    this.#record = record;
    this.#host = host;
    this.#outcome = outcome;
  }

  /** Undefined when no end is under way. */
  get sequel(): Sequel | undefined {
    return this.#sequel;
  }

  /** Something else is to come after the end that is under way, if one is. */
  redirect(sequel: Sequel): void {
    if (this.#sequel !== undefined) this.#sequel = sequel;
  }

  begin(incarnation: Incarnation, sequel: Sequel, graceMs?: number): void {
    const { stop } = this.#process.spec;
    this.#sequel = sequel;
    this.#report = undefined;
    const { hooks, post } = this.#host;
    const { view } = this.#process;
    const drain = isTapped(hooks.beforeStop) ? () => hooks.beforeStop.promise(view, sequel.cause.message) : undefined;
    void incarnation.end(drain, stop.signal, graceMs ?? stop.graceMs).then((report) =>
      post(() => {
        this.#report = report;
        this.conclude(incarnation);
      }),
    );
  }

  /** Both must have come: the exit with its last lines, and the proof that nothing of the tree is left. */
  conclude({ generation, exit }: Incarnation): void {
    const [report, sequel] = [this.#report, this.#sequel];
    if (report === undefined || sequel === undefined) return;
    const { escaped } = report;
    if (exit === undefined && escaped.length === 0) return;
    this.#sequel = undefined;
    this.#record.stopped(generation, report);
    if (escaped.length > 0) this.#outcome.survived(escaped, sequel);
    else if (exit !== undefined) this.#outcome.gone(exit, sequel);
  }
}
