import type { ResolvedProcess } from '../contract/config.ts';
import type { Cause, Condition, ConditionName, ExitInfo, ProcessView, Trigger } from '../contract/process.ts';
import type { ReapReport } from '../contract/runner.ts';
import { PromptbinError } from '../errors/error.ts';
import { isTapped } from '../hooks/create.ts';
import type { OutputStore } from '../output/store.ts';
import type { ProcessState } from '../state/reducer.ts';
import { table } from '../state/table.ts';
import { viewOf } from '../state/view.ts';
import { Admission } from './admission.ts';
import { makeCause } from './causes.ts';
import { unmetDependencies } from './dependencies.ts';
import { Incarnation, type Sequel } from './incarnation.ts';
import type { Launch } from './launch.ts';
import { refusalCause, survivorsCause } from './refusal.ts';
import { collectReadiness } from './start-conditions.ts';
import type { SupervisorHost } from './supervisor-host.ts';
import { urlOf } from './url.ts';
import { decideExit, diagnoseExit } from './verdict.ts';

/**
 * The life of one process. Every public method is one message: it runs to its end inside a turn of the mailbox, and only
 * `#apply` changes the phase. What takes time runs beside it and comes back as a message of its own incarnation.
 */
export class Supervisor {
  readonly spec: ResolvedProcess;
  readonly output: OutputStore;
  readonly #host: SupervisorHost;
  readonly #admission: Admission;
  #incarnation: Incarnation | undefined;
  /** What comes after `stopping`. */
  #sequel: Sequel | undefined;
  #backoff: Disposable | undefined;
  /** Whether the next spawn counts as a restart. */
  #restarting = false;
  #port: number | undefined;

  constructor(spec: ResolvedProcess, output: OutputStore, host: SupervisorHost) {
    this.spec = spec;
    this.output = output;
    this.#host = host;
    this.#admission = new Admission(spec, host, {
      view: () => this.view,
      admitted: (launch) => this.#spawn(launch),
      refused: (cause) => this.#apply('refused', cause),
      cleared: () => {
        this.#incarnation = undefined;
      },
    });
  }

  get state(): ProcessState {
    return this.#host.stateOf(this.spec.name);
  }

  get view(): ProcessView {
    const { state } = this;
    return viewOf(state, state.pid === undefined ? undefined : this.#incarnation?.uptimeMs);
  }

  start(cause: Cause): void {
    const { phase } = this.state;
    const live = phase === 'starting' || phase === 'running' || phase === 'waiting';
    this.#want('up', cause, !live);
    if (phase === 'stopping') this.#sequel = { kind: 'relaunch', cause, restart: false };
    if (this.#apply('start', cause)) this.#admit(false);
  }

  restart(cause: Cause): void {
    const { phase } = this.state;
    this.#want('up', cause, true);
    const sequel: Sequel = { kind: 'relaunch', cause, restart: true };
    if (phase === 'stopping') this.#sequel = sequel;
    if (!this.#apply('restart', cause)) return;
    if (this.state.phase === 'stopping') this.#end(sequel);
    else this.#admit(this.state.generation > 0);
  }

  stop(cause: Cause, graceMs?: number): void {
    this.#want('down', cause, false);
    const sequel: Sequel = { kind: 'stop', cause };
    if (this.state.phase === 'stopping') this.#sequel = sequel;
    if (!this.#apply('stop', cause) || this.state.phase !== 'stopping') return;
    if (this.#incarnation === undefined) this.#apply('reaped', cause);
    else this.#end(sequel, graceMs);
  }

  /** Condemns the incarnation `generation`: it is ended, then `decide` says what comes next. */
  fail(cause: Cause, generation: number): void {
    if (this.state.generation !== generation || !this.#apply('fail', cause)) return;
    this.#end({ kind: 'decide', cause, condemned: true });
  }

  /** Skips what is left of the grace. */
  kill(): void {
    this.#incarnation?.kill();
  }

  /** Takes a plugin's observation of the incarnation `generation`. Before `running` only the barrier may say `ready`. */
  setCondition(name: ConditionName, value: Omit<Condition, 'since'>, generation: number): void {
    const { state } = this;
    const { status, reason, message } = state[name];
    const early = name === 'ready' && value.status === 'true';
    const takes = state.phase === 'running' || (state.phase === 'starting' && !early);
    const same = status === value.status && reason === value.reason && message === value.message;
    if (takes && !same && state.generation === generation) this.#condition(name, value);
  }

  /** Something that it depends on has changed. */
  recheck(): void {
    const { phase, cause, desired } = this.state;
    if (phase === 'waiting' && this.#admission.idle) this.#admit(this.#restarting);
    if (phase !== 'failed' || cause?.code !== 'dependencyDown' || desired === 'down') return;
    if (unmetDependencies(this.spec, this.#host.stateOf).some(({ failed }) => failed)) return;
    if (this.#apply('recovered', cause)) this.#admit(this.#restarting);
  }

  /** The only place that changes the phase. False when the trigger is a legal no-op here. */
  #apply(trigger: Trigger, cause?: Cause): boolean {
    const { phase, generation } = this.state;
    const { name } = this.spec;
    const to = table[phase][trigger];
    if (to === 'nop') return false;
    if (to === 'defect') {
      throw new PromptbinError('PB_MANAGER_STATE', `"${trigger}" cannot happen while "${name}" is ${phase}.`, {
        process: name,
      });
    }
    // A timer and a launch belong to the phase in which they began.
    this.#backoff?.[Symbol.dispose]();
    this.#backoff = undefined;
    this.#admission.cancel();
    const why = cause === undefined ? {} : { cause };
    this.#host.bus.append('process.phase', { name, generation, from: phase, to, by: trigger, ...why });
    if (to === 'stopped' || to === 'completed' || to === 'failed') this.#freePort();
    return true;
  }

  #want(desired: 'up' | 'down', cause: Cause, fresh: boolean): void {
    if (this.state.desired === desired && !fresh) return;
    this.#host.bus.append('process.desired', { name: this.spec.name, desired, cause, fresh });
  }

  #admit(restarting: boolean): void {
    this.#restarting = restarting;
    this.#admission.begin(this.#port, this.#incarnation);
  }

  #spawn({ plan, held }: Launch): void {
    const { bus, runner, clock, post } = this.#host;
    const { generation, port } = plan;
    const incarnation = new Incarnation(generation, clock);
    if (this.#port !== port) this.#freePort();
    this.#port = port;
    this.output.begin(generation);
    held?.release();
    try {
      incarnation.child = runner.spawn(plan, {
        output: (stream, chunk) => this.output.write(stream, chunk),
        exited: (code, signal, leftovers) => post(() => this.#exited(incarnation, code, signal, leftovers)),
      });
    } catch (fault) {
      this.#apply('refused', refusalCause(fault));
      return;
    }
    this.#incarnation = incarnation;
    const { pid } = incarnation.child;
    const address = port === undefined ? {} : { port, url: urlOf(plan.host, port) };
    bus.append('process.spawned', { name: plan.name, generation, pid, restart: this.#restarting, ...address });
    this.#apply('admitted');
    this.#awaitReady(incarnation);
  }

  #awaitReady(incarnation: Incarnation): void {
    // A job is ready when it has completed: nothing to wait for but its exit.
    if (this.spec.kind === 'job') {
      this.#condition('ready', { status: 'false', reason: 'JobRunning' });
      this.#apply('ready');
      return;
    }
    const barrier = collectReadiness(this.spec, this.view, this.output, this.#host);
    if (barrier.empty) return this.#markReady(incarnation);
    const { clock, post } = this.#host;
    void barrier.run(clock, this.spec.ready.timeoutMs, incarnation.probing).then((verdict) =>
      post(() => {
        const current = this.#incarnation === incarnation && this.state.phase === 'starting';
        if (!current || !incarnation.child.alive) return;
        if (verdict.ready) this.#markReady(incarnation);
        else this.fail(makeCause('startTimeout', verdict.why, this.output.tail(8)), incarnation.generation);
      }),
    );
  }

  #markReady(incarnation: Incarnation): void {
    incarnation.markReady();
    this.#condition('ready', { status: 'true', reason: 'Ready' });
    this.#apply('ready');
  }

  #condition(condition: ConditionName, value: Omit<Condition, 'since'>): void {
    const { bus, clock } = this.#host;
    const { name, generation } = this.state;
    bus.append('process.condition', { name, generation, condition, value: { ...value, since: clock.wall() } });
  }

  #end(sequel: Sequel, graceMs: number = this.spec.stop.graceMs): void {
    const incarnation = this.#incarnation;
    if (incarnation === undefined) return;
    this.#sequel = sequel;
    const { beforeStop } = this.#host.hooks;
    const { view } = this;
    const drain = isTapped(beforeStop) ? () => beforeStop.promise(view, sequel.cause.message) : undefined;
    void incarnation
      .end(drain, this.spec.stop.signal, graceMs)
      .then((report) => this.#host.post(() => this.#finish(incarnation, report)));
  }

  #exited(
    incarnation: Incarnation,
    code: number | null,
    signal: NodeJS.Signals | null,
    leftovers: readonly number[],
  ): void {
    this.output.flush();
    incarnation.endProbes();
    const { name } = this.spec;
    const lastLines = Object.freeze(this.output.tail(10));
    const ending = this.state.phase === 'stopping' ? this.#sequel : undefined;
    const condemned = ending?.kind === 'decide' && ending.condemned;
    const info = { ...incarnation.exitInfo(code, signal), condemned };
    const cause = ending?.cause ?? diagnoseExit(info, lastLines, this, this.#host);
    const exit: ExitInfo = Object.freeze({ ...info, cause });
    incarnation.exit = exit;
    this.#host.bus.append('process.exited', { name, generation: incarnation.generation, exit, lastLines });
    if (ending !== undefined) return this.#finish(incarnation, incarnation.report);
    if (leftovers.length > 0) {
      this.#apply('fail', cause);
      return this.#end({ kind: 'decide', cause, condemned: false });
    }
    this.#incarnation = undefined;
    this.#decide(exit);
  }

  // Both must have come: the exit with its last lines, and the proof that nothing of the tree is left.
  #finish(incarnation: Incarnation, report: ReapReport | undefined): void {
    const { exit } = incarnation;
    const sequel = this.#sequel;
    if (report !== undefined) incarnation.report = report;
    if (report === undefined || sequel === undefined || (exit === undefined && report.escaped.length === 0)) return;
    const { generation } = incarnation;
    this.#host.bus.append('process.stopped', { name: this.spec.name, generation, ...report });
    if (report.escaped.length > 0) {
      this.#apply('unkillable', survivorsCause(report.escaped, [sequel.cause.message]));
      return;
    }
    this.#incarnation = undefined;
    if (sequel.kind === 'stop') this.#apply('reaped', sequel.cause);
    else if (sequel.kind === 'relaunch') this.#apply('relaunch', sequel.cause) && this.#admit(sequel.restart);
    else if (exit !== undefined) this.#decide(exit);
  }

  #decide(exit: ExitInfo): void {
    const decision = decideExit(exit, this.view, this.#host);
    if (decision.action === 'settle') this.#apply('settle', exit.cause);
    else if (decision.action === 'giveUp') this.#apply('giveUp', decision.cause);
    else this.#retry(exit.cause, decision.delayMs, decision.attempt ?? this.state.attempt + 1);
  }

  #retry(cause: Cause, delayMs: number, attempt: number): void {
    const { bus, clock, post } = this.#host;
    const { name, generation } = this.state;
    bus.append('process.retry', { name, generation, delayMs, attempt });
    this.#apply('retry', cause);
    const launch = (): void => {
      if (this.#apply('timer', cause)) this.#admit(true);
    };
    // Without a delay it goes on in this very turn.
    if (delayMs === 0) return launch();
    const timer = clock.after(delayMs, () => post(() => this.#backoff === timer && launch()));
    this.#backoff = timer;
  }

  #freePort(): void {
    if (this.#port !== undefined) this.#host.ports.free(this.#port);
    this.#port = undefined;
  }
}
