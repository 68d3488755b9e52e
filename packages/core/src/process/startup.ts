import type { Cause } from '../contract/process.ts';
import { makeCause } from './causes.ts';
import type { Incarnation } from './incarnation.ts';
import { recognizeCause } from './recognize.ts';
import type { ProcessRecord } from './record.ts';
import { awaitReadiness, type Starting, type StartVerdict } from './start-conditions.ts';
import type { SupervisorHost } from './supervisor-host.ts';

export interface StartupOutcome {
  ready(): void;
  failed(cause: Cause): void;
}

/** What happens in `starting`: an incarnation is watched until it is ready, or never will be. */
export class Startup {
  readonly #process: Starting;
  readonly #record: ProcessRecord;
  readonly #host: SupervisorHost;
  readonly #outcome: StartupOutcome;

  constructor(process: Starting, record: ProcessRecord, host: SupervisorHost, outcome: StartupOutcome) {
    this.#process = process;
    this.#record = record;
    this.#host = host;
    this.#outcome = outcome;
  }

  begin(incarnation: Incarnation): void {
    const { post } = this.#host;
    const verdict = awaitReadiness(this.#process, incarnation, this.#host, (why) =>
      post(() => this.#tell(incarnation, why)),
    );
    if (verdict === undefined) this.#judge(incarnation, { ready: true });
    else void verdict.then((answer) => post(() => this.#judge(incarnation, answer)));
  }

  // `why` asks for the reason while the deadline is still far away.
  #tell({ generation }: Incarnation, message: string): void {
    if (this.#record.state.phase !== 'starting') return;
    this.#record.observe('ready', { status: 'false', reason: 'PortNotOpen', message }, generation);
  }

  #judge(incarnation: Incarnation, verdict: StartVerdict): void {
    const { phase, generation } = this.#record.state;
    if (phase !== 'starting' || generation !== incarnation.generation || !incarnation.child.alive) return;
    if (!verdict.ready) {
      this.#outcome.failed(this.#causeOf(verdict));
      return;
    }
    // A job is ready when it has completed; until then it runs.
    const job = this.#process.spec.kind === 'job';
    incarnation.setReady(!job);
    this.#record.condition('ready', { status: job ? 'false' : 'true', reason: job ? 'JobRunning' : 'Ready' });
    this.#outcome.ready();
  }

  // What it has written of why it does not get on tells more than its last lines.
  #causeOf({ code, why }: Extract<StartVerdict, { ready: false }>): Cause {
    const { evidence = this.#process.output.tail(8), hint } = recognizeCause(this.#process) ?? {};
    return makeCause(code, why, evidence, hint);
  }
}
