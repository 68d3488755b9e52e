import type { Cause, ExitInfo, Trigger } from '../contract/process.ts';
import type { ProcessRecord } from './record.ts';
import type { Subject, SupervisorHost } from './supervisor-host.ts';
import { decideExit } from './verdict.ts';

export interface AftermathOutcome {
  /** Changes the phase; `cancel` has been called before it returns. */
  apply(trigger: Extract<Trigger, 'settle' | 'giveUp' | 'retry' | 'timer' | 'stop' | 'reaped'>, cause: Cause): void;
  /** The next run is to have another port than this one. */
  skipPort(): void;
  /** The wait is over: it is to be admitted anew; `restarting` when that counts as a restart. */
  again(restarting: boolean): void;
}

/** What follows an exit that nobody asked for: it is settled, given up, or tried again after a wait. */
export class Aftermath {
  readonly #process: Subject;
  readonly #record: ProcessRecord;
  readonly #host: SupervisorHost;
  readonly #outcome: AftermathOutcome;
  #timer: Disposable | undefined;

  constructor(process: Subject, record: ProcessRecord, host: SupervisorHost, outcome: AftermathOutcome) {
    this.#process = process;
    this.#record = record;
    this.#host = host;
    this.#outcome = outcome;
  }

  /** In the turn of the exit, or of the end that was proven. */
  decide(exit: ExitInfo): void {
    const { cause } = exit;
    if (this.#record.state.desired === 'down') return void this.#rest(cause);
    const decision = decideExit(exit, this.#process.view, this.#host);
    if (decision.action === 'settle') return void this.#outcome.apply('settle', cause);
    if (decision.action === 'giveUp') return void this.#outcome.apply('giveUp', decision.cause);
    // A strict port is that one or none.
    const skips = decision.port === 'next' && this.#process.spec.port?.strict === false;
    if (skips) this.#outcome.skipPort();
    this.#record.retry(decision.delayMs, decision.attempt ?? this.#record.state.attempt + 1, skips);
    this.#outcome.apply('retry', cause);
    this.#wait(decision.delayMs, () => {
      this.#outcome.apply('timer', cause);
      // On the next port it is still the same start.
      this.#outcome.again(!skips);
    });
  }

  cancel(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  // It was to be stopped soon: nobody needs to decide.
  #rest(cause: Cause): void {
    if (this.#record.state.phase !== 'stopping') this.#outcome.apply('stop', cause);
    this.#outcome.apply('reaped', cause);
  }

  // Without a delay it goes on in this very turn.
  #wait(delayMs: number, retry: () => void): void {
    const { clock, post } = this.#host;
    if (delayMs === 0) retry();
    else this.#timer = clock.after(delayMs, () => post(retry));
  }
}
