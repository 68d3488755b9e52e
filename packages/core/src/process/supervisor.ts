import type { ResolvedPort, ResolvedProcess } from '../contract/config.ts';
import type { Cause, Condition, ConditionName, ProcessView, Trigger } from '../contract/process.ts';
import type { ChildTerminal } from '../contract/runner.ts';
import type { OutputStore } from '../output/store.ts';
import { isHeld } from '../state/phases.ts';
import type { ProcessState } from '../state/reducer.ts';
import { Admission } from './admission.ts';
import { type Adoptee, isOutdated, planOf } from './adoption.ts';
import { notReplaced, requested } from './causes.ts';
import { Course } from './course.ts';
import type { Sequel } from './ending.ts';
import type { Run } from './incarnation.ts';
import { writeTo } from './input.ts';
import { ProcessRecord } from './record.ts';
import type { SupervisorHost } from './supervisor-host.ts';

/**
 * The life of one process. Every public method is one message: it runs to its end inside a turn of the mailbox. What takes
 * time runs beside it and comes back as a message of its own incarnation.
 */
export class Supervisor {
  readonly output: OutputStore;
  /** It is no longer part of the config: nothing starts it. */
  leaving = false;
  /** It begins without what it depends on: none of that is waited for. */
  alone = false;
  readonly #record: ProcessRecord;
  readonly #admission: Admission;
  readonly #course: Course;
  #spec: ResolvedProcess;
  /** Whether the next spawn counts as a restart. */
  #restarting = false;

  constructor(spec: ResolvedProcess, output: OutputStore, host: SupervisorHost) {
    this.#spec = spec;
    this.output = output;
    this.#record = new ProcessRecord(spec.name, host);
    this.#admission = new Admission(this, host, {
      admitted: (launch) => this.#course.begin(launch, this.#restarting),
      refused: (cause) => {
        if (!this.#course.goBack(notReplaced(cause))) this.#apply('refused', cause);
      },
      cleared: () => this.#course.forget(),
    });
    this.#course = new Course(this, this.#record, host, {
      apply: (trigger, cause) => this.#apply(trigger, cause),
      refused: (cause) => this.#admission.refuse(cause),
      skipPort: () => this.#admission.skipPort(),
      again: (restarting) => this.#admit(restarting),
    });
  }

  get spec(): ResolvedProcess {
    return this.#spec;
  }

  get state(): ProcessState {
    return this.#record.state;
  }

  /** The run that is up, or ends; undefined when nothing is there. */
  get run(): Run | undefined {
    return this.#course.incarnation;
  }

  /** That of the run that is there, if it runs in one. */
  get terminal(): ChildTerminal | undefined {
    return this.#course.incarnation?.child.terminal;
  }

  get view(): ProcessView {
    return this.#record.view(this.#course.incarnation?.uptimeMs);
  }

  start(cause: Cause): void {
    if (this.leaving) return;
    const { phase } = this.state;
    const live = phase === 'starting' || phase === 'running' || phase === 'waiting';
    this.#record.want('up', cause, !live || isHeld(this.state));
    // A restart under way is a start already.
    if (this.#course.sequel?.kind !== 'relaunch') this.#course.redirect({ kind: 'relaunch', cause, restart: false });
    if (this.#apply('start', cause)) this.#admit(false);
    else this.recheck();
  }

  /** Takes over the run that an earlier manager has left for this one. With other settings by now, it begins anew. */
  adopt(adoptee: Adoptee): void {
    const cause = requested('taken over from the manager before');
    this.#record.want('up', cause, true);
    this.#apply('start', cause);
    const plan = planOf(adoptee, this.#spec);
    if (plan.port !== undefined) this.#admission.adopt(plan.port);
    this.#course.adopt({ adoptee, plan });
    if (isOutdated(adoptee, this.#spec))
      this.restart(requested('it was started with other settings than those of now'));
  }

  restart(cause: Cause): void {
    if (this.leaving) return;
    this.#record.want('up', cause, true);
    if (this.#course.canStepAside) {
      this.#replace(cause);
      return;
    }
    const sequel: Sequel = { kind: 'relaunch', cause, restart: true };
    this.#course.redirect(sequel);
    if (!this.#apply('restart', cause)) this.recheck();
    else if (this.state.phase === 'stopping') this.#course.end(sequel);
    else this.#admit(this.state.generation > 0);
  }

  /**
   * It is to be stopped as soon as those that depend on it have ended: what runs goes on until `stop`, unless it is started
   * again before that. What does not run does not begin.
   */
  dismiss(cause: Cause): void {
    const { phase } = this.state;
    if (phase === 'starting' || phase === 'running') this.#record.want('down', cause, false);
    else this.stop(cause);
  }

  stop(cause: Cause, graceMs?: number): void {
    // What serves on while the next run waits is what is stopped then.
    if (this.state.phase === 'waiting') this.#course.goBack(requested('the next run is not needed any more'));
    this.#record.want('down', cause, false);
    const sequel: Sequel = { kind: 'stop', cause };
    this.#course.redirect(sequel);
    if (!this.#apply('stop', cause) || this.state.phase !== 'stopping') return;
    this.#admission.shutPort();
    if (this.#course.incarnation === undefined) this.#apply('reaped', cause);
    else this.#course.end(sequel, graceMs);
  }

  /** It is about to begin anew with `next` as its port. */
  yieldPort(next: ResolvedPort | undefined): void {
    if (this.#course.incarnation !== undefined) this.#admission.yieldPort(next);
  }

  /** Takes other settings; with a cause it begins anew with them. */
  configure(spec: ResolvedProcess, anew?: Cause): void {
    this.leaving = false;
    const lives = this.#course.incarnation !== undefined;
    // What runs is ended as it was started: its signal and its grace are those of before. What begins beside it has the new ones.
    const isBeside = anew !== undefined && this.#course.canStepAside && spec.port?.overlap === true;
    if (isBeside) this.#course.stepAside();
    else if (anew !== undefined && lives) this.restart(anew);
    this.#spec = spec;
    this.output.configure(spec.logs);
    if (isBeside) this.#replace(anew);
    else if (anew !== undefined && !lives) this.restart(anew);
    else if (this.state.phase === 'waiting') this.#admit(this.#restarting);
  }

  /** Condemns the incarnation `generation`: it is ended, then `decide` says what comes next. */
  fail(cause: Cause, generation: number): void {
    if (this.state.generation === generation) this.#course.condemn(cause);
  }

  /** What waits, or waits for its next try, has failed. What lives goes on. */
  giveUp(cause: Cause): void {
    const { phase } = this.state;
    if (phase === 'waiting' || phase === 'backoff') this.#apply('giveUp', cause);
  }

  /** Sends a signal to the leader of the incarnation `generation`. False when that is gone. */
  signal(signal: NodeJS.Signals, generation: number): boolean {
    const { incarnation } = this.#course;
    if (incarnation?.generation !== generation || !incarnation.child.signal(signal)) return false;
    this.#record.signalled(generation, signal);
    return true;
  }

  /** Writes to the stdin of the leader. Rejects with `PB_PROCESS_DOWN`, `PB_INPUT_REFUSED`. */
  write(text: string): Promise<void> {
    return writeTo(this.#course.incarnation?.child, this.#spec.name, text);
  }

  /** Skips what is left of the grace. */
  kill(): void {
    this.#course.kill();
  }

  /** Takes a plugin's observation of the incarnation `generation`. */
  observe(name: ConditionName, value: Omit<Condition, 'since'>, generation: number): void {
    this.#record.observe(name, value, generation);
    this.#course.incarnation?.setReady(this.state.ready.status === 'true');
  }

  /** Something that it depends on has changed. */
  recheck(): void {
    if (!this.leaving && this.state.phase === 'waiting' && this.#admission.idle) this.#admit(this.#restarting);
  }

  /** Begins the next run while this one serves. */
  #replace(cause: Cause): void {
    this.#course.stepAside();
    this.#apply('restart', cause);
    this.#apply('relaunch', cause);
    this.#admit(true);
  }

  /** False when the trigger is a legal no-op. */
  #apply(trigger: Trigger, cause?: Cause): boolean {
    const phase = this.#record.apply(trigger, cause);
    if (phase === undefined) return false;
    // A timer and a launch belong to the phase in which they began.
    this.#course.cancelRetry();
    this.#admission.cancel();
    const isDown = phase === 'stopped' || phase === 'completed' || phase === 'failed';
    if (isDown) this.#admission.freePort();
    if (isDown || trigger === 'ready' || trigger === 'start' || trigger === 'restart') this.#admission.forgetSkipped();
    return true;
  }

  #admit(restarting: boolean): void {
    this.#restarting = restarting;
    this.#admission.begin(this.#course.incarnation);
  }
}
