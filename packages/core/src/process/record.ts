import type { ResolvedProcess } from '../contract/config.ts';
import type {
  Cause,
  Condition,
  ConditionName,
  Desired,
  ExitInfo,
  Listening,
  Phase,
  ProcessView,
  Trigger,
} from '../contract/process.ts';
import type { LaunchPlan, ReapReport } from '../contract/runner.ts';
import { PromptbinError } from '../errors/error.ts';
import type { ProcessState } from '../state/reducer.ts';
import { table } from '../state/table.ts';
import { viewOf } from '../state/view.ts';
import type { Address } from './address.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { SupervisorHost } from './supervisor-host.ts';
import { urlOf } from './url.ts';

type RecordHost = Pick<SupervisorHost, 'bus' | 'clock' | 'stateOf'>;

/** How an incarnation has come to be. */
export interface Spawned {
  readonly pid: number;
  readonly restart: boolean;
  /** By an earlier manager. */
  readonly isAdopted: boolean;
  /** Pid of the run that serves on until this one is ready. */
  readonly beside?: number | undefined;
  /** It was there before, and goes on since the next run did not become ready. */
  readonly isBack?: boolean;
}

/** What is true of one process. The only writer of its facts: each method states one event. */
export class ProcessRecord {
  readonly name: string;
  readonly #host: RecordHost;

  constructor(name: string, host: RecordHost) {
    this.name = name;
    this.#host = host;
  }

  get state(): ProcessState {
    return this.#host.stateOf(this.name);
  }

  view(uptimeMs: number | undefined): ProcessView {
    const { state } = this;
    return viewOf(state, state.pid === undefined ? undefined : uptimeMs);
  }

  /**
   * Changes the phase, and is alone in doing so. Returns the new one; undefined when the trigger is a legal no-op.
   *
   * @throws PromptbinError `PB_MANAGER_STATE`
   */
  apply(trigger: Trigger, cause?: Cause): Phase | undefined {
    const { name } = this;
    const { phase, generation } = this.state;
    const to = table[phase][trigger];
    if (to === 'nop') return undefined;
    if (to === 'defect') {
      const message = `"${trigger}" cannot happen while "${name}" is ${phase}.`;
      throw new PromptbinError('PB_MANAGER_STATE', message, { process: name });
    }
    const why = cause === undefined ? {} : { cause };
    this.#host.bus.append('process.phase', { name, generation, from: phase, to, by: trigger, ...why });
    return to;
  }

  /** `fresh`: it begins anew, with a whole budget of retries. */
  want(desired: Desired, cause: Cause, fresh: boolean): void {
    if (this.state.desired === desired && !fresh) return;
    this.#host.bus.append('process.desired', { name: this.name, desired, cause, fresh });
  }

  spawned(plan: LaunchPlan, spec: ResolvedProcess, { pid, restart, isAdopted, beside, isBack = false }: Spawned): void {
    const { generation, port, host } = plan;
    const address = port === undefined ? {} : { port, url: urlOf(host, port) };
    const kind = this.state.kind === 'job' ? ({ kind: 'job' } as const) : {};
    const adopted = isAdopted ? ({ adopted: true } as const) : {};
    const overlap = { ...(beside !== undefined && { beside }), ...(isBack && { back: true as const }) };
    const run = {
      generation,
      pid,
      ...kind,
      ...adopted,
      ...overlap,
      restart,
      ...address,
      made: fingerprintOf(plan, spec),
    };
    this.#host.bus.append('process.spawned', { name: this.name, ...run });
  }

  /** It listens elsewhere than it was told; or, without `listening`, where it was told after all. */
  listening({ host, port }: Address, listening?: Listening): void {
    const { generation } = this.state;
    const told = listening === undefined ? {} : { listening };
    this.#host.bus.append('process.listening', { name: this.name, generation, port, url: urlOf(host, port), ...told });
  }

  exited(generation: number, exit: ExitInfo, lastLines: readonly string[]): void {
    this.#host.bus.append('process.exited', { name: this.name, generation, exit, lastLines });
  }

  stopped(generation: number, report: ReapReport): void {
    this.#host.bus.append('process.stopped', { name: this.name, generation, ...report });
  }

  signalled(generation: number, signal: NodeJS.Signals): void {
    this.#host.bus.append('process.signalled', { name: this.name, generation, signal });
  }

  retry(delayMs: number, attempt: number, onNextPort: boolean): void {
    const { name } = this;
    const { generation } = this.state;
    const port = onNextPort ? ({ port: 'next' } as const) : {};
    this.#host.bus.append('process.retry', { name, generation, delayMs, attempt, ...port });
  }

  condition(condition: ConditionName, value: Omit<Condition, 'since'>): void {
    const { bus, clock } = this.#host;
    const { name } = this;
    const { generation, [condition]: known } = this.state;
    // Another reason for the same is not yet a turn.
    const since = known.status === value.status ? known.since : clock.wall();
    bus.append('process.condition', { name, generation, condition, value: { ...value, since } });
  }

  /**
   * A plugin's observation of the incarnation `generation`: dropped when that is gone or nothing is new. Before `running`
   * only core itself may say `ready`.
   */
  observe(condition: ConditionName, value: Omit<Condition, 'since'>, generation: number): void {
    const { state } = this;
    const known = state[condition];
    const early = condition === 'ready' && value.status === 'true';
    const takes = state.phase === 'running' || (state.phase === 'starting' && !early);
    if (takes && !isSame(known, value) && state.generation === generation) this.condition(condition, value);
  }
}

/** That it goes on failing is no news; another verdict about it is. */
function isSame(known: Condition, value: Omit<Condition, 'since'>): boolean {
  return (
    known.status === value.status &&
    known.reason === value.reason &&
    known.message === value.message &&
    known.failing?.verdict === value.failing?.verdict
  );
}
