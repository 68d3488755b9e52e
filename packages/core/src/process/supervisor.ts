import type { ResolvedPort, ResolvedProcess } from '../contract/config.ts';
import type { Cause, Condition, ConditionName, ExitInfo, ProcessView, Trigger } from '../contract/process.ts';
import type { OutputStore } from '../output/store.ts';
import type { ProcessState } from '../state/reducer.ts';
import { Admission } from './admission.ts';
import { Backoff } from './backoff.ts';
import { unmetDependencies } from './dependencies.ts';
import { Ending, type Sequel } from './ending.ts';
import type { Incarnation } from './incarnation.ts';
import type { Launch } from './launch.ts';
import { ProcessRecord } from './record.ts';
import { refusalCause, survivorsCause } from './refusal.ts';
import { type LeaderExit, spawnIncarnation } from './spawn.ts';
import { Startup } from './startup.ts';
import type { SupervisorHost } from './supervisor-host.ts';
import { concludeExit, decideExit } from './verdict.ts';

/**
 * The life of one process. Every public method is one message: it runs to its end inside a turn of the mailbox. What takes
 * time runs beside it and comes back as a message of its own incarnation.
 */
export class Supervisor {
  readonly output: OutputStore;
  /** It is no longer part of the config: nothing starts it. */
  leaving = false;
  readonly #host: SupervisorHost;
  readonly #record: ProcessRecord;
  readonly #admission: Admission;
  readonly #startup: Startup;
  readonly #ending: Ending;
  readonly #backoff: Backoff;
  #spec: ResolvedProcess;
  #incarnation: Incarnation | undefined;
  /** Whether the next spawn counts as a restart. */
  #restarting = false;

  constructor(spec: ResolvedProcess, output: OutputStore, host: SupervisorHost) {
    this.#spec = spec;
    this.output = output;
    this.#host = host;
    this.#record = new ProcessRecord(spec.name, host);
    this.#backoff = new Backoff(host);
    this.#admission = new Admission(this, host, {
      admitted: (launch) => this.#spawn(launch),
      refused: (cause) => this.#apply('refused', cause),
      cleared: () => {
        this.#incarnation = undefined;
      },
    });
    this.#startup = new Startup(this, this.#record, host, {
      ready: () => this.#apply('ready'),
      failed: (cause) => this.fail(cause, this.state.generation),
    });
    this.#ending = new Ending(this, this.#record, host, {
      gone: (exit, sequel) => this.#goOn(exit, sequel),
      survived: (pids, { cause }) => this.#apply('unkillable', survivorsCause(pids, [cause.message])),
    });
  }

  get spec(): ResolvedProcess {
    return this.#spec;
  }

  get state(): ProcessState {
    return this.#record.state;
  }

  get view(): ProcessView {
    return this.#record.view(this.#incarnation?.uptimeMs);
  }

  start(cause: Cause): void {
    if (this.leaving) return;
    const { phase } = this.state;
    const live = phase === 'starting' || phase === 'running' || phase === 'waiting';
    this.#record.want('up', cause, !live);
    // A restart under way is a start already.
    if (this.#ending.sequel?.kind !== 'relaunch') this.#ending.redirect({ kind: 'relaunch', cause, restart: false });
    if (this.#apply('start', cause)) this.#admit(false);
  }

  restart(cause: Cause): void {
    if (this.leaving) return;
    this.#record.want('up', cause, true);
    const sequel: Sequel = { kind: 'relaunch', cause, restart: true };
    this.#ending.redirect(sequel);
    if (!this.#apply('restart', cause)) return;
    if (this.state.phase === 'stopping') this.#end(sequel);
    else this.#admit(this.state.generation > 0);
  }

  stop(cause: Cause, graceMs?: number): void {
    this.#record.want('down', cause, false);
    const sequel: Sequel = { kind: 'stop', cause };
    this.#ending.redirect(sequel);
    if (!this.#apply('stop', cause) || this.state.phase !== 'stopping') return;
    if (this.#incarnation === undefined) this.#apply('reaped', cause);
    else this.#end(sequel, graceMs);
  }

  /** It is about to begin anew with `next` as its port. */
  yieldPort(next: ResolvedPort | undefined): void {
    if (this.#incarnation !== undefined) this.#admission.yieldPort(next);
  }

  /** Takes other settings; with a cause it begins anew with them. */
  configure(spec: ResolvedProcess, anew?: Cause): void {
    this.leaving = false;
    const lives = this.#incarnation !== undefined;
    // What runs is ended as it was started: its signal and its grace are those of before.
    if (anew !== undefined && lives) this.restart(anew);
    this.#spec = spec;
    this.output.configure(spec.logs);
    if (anew !== undefined && !lives) this.restart(anew);
    else if (this.state.phase === 'waiting') this.#admit(this.#restarting);
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

  /** Takes a plugin's observation of the incarnation `generation`. */
  observe(name: ConditionName, value: Omit<Condition, 'since'>, generation: number): void {
    this.#record.observe(name, value, generation);
  }

  /** Something that it depends on has changed. */
  recheck(): void {
    if (this.leaving) return;
    const { phase, cause } = this.state;
    if (phase === 'waiting' && this.#admission.idle) this.#admit(this.#restarting);
    if (phase !== 'failed' || cause?.code !== 'dependencyDown') return;
    if (unmetDependencies(this.spec, this.#host.stateOf).some(({ failed }) => failed)) return;
    if (this.#apply('recovered', cause)) this.#admit(this.#restarting);
  }

  /** False when the trigger is a legal no-op. */
  #apply(trigger: Trigger, cause?: Cause): boolean {
    const phase = this.#record.apply(trigger, cause);
    if (phase === undefined) return false;
    // A timer and a launch belong to the phase in which they began.
    this.#backoff.cancel();
    this.#admission.cancel();
    if (phase === 'stopped' || phase === 'completed' || phase === 'failed') this.#admission.freePort();
    return true;
  }

  #admit(restarting: boolean): void {
    this.#restarting = restarting;
    this.#admission.begin(this.#incarnation);
  }

  #spawn(launch: Launch): void {
    const { plan } = launch;
    try {
      this.#incarnation = spawnIncarnation(launch, this.output, this.#host, (incarnation, exit) =>
        this.#exited(incarnation, exit),
      );
    } catch (fault) {
      this.#apply('refused', refusalCause(fault));
      return;
    }
    this.#record.spawned(plan, this.#incarnation.child.pid, this.#restarting);
    this.#apply('admitted');
    this.#startup.begin(this.#incarnation);
  }

  #end(sequel: Sequel, graceMs?: number): void {
    if (this.#incarnation !== undefined) this.#ending.begin(this.#incarnation, sequel, graceMs);
  }

  #exited(incarnation: Incarnation, { code, signal, leftovers }: LeaderExit): void {
    const { phase } = this.state;
    const ending = this.#ending.sequel;
    const { exit, lastLines } = concludeExit(incarnation, { code, signal, ending }, this, this.#host);
    this.#record.exited(incarnation.generation, exit, lastLines);
    if (ending !== undefined) {
      this.#ending.conclude(incarnation);
    } else if (leftovers.length > 0) {
      if (this.#apply('fail', exit.cause)) this.#end({ kind: 'decide', cause: exit.cause, condemned: false });
    } else if (phase === 'starting' || phase === 'running') {
      this.#incarnation = undefined;
      this.#decide(exit);
    }
    // Else a survivor of SIGKILL is gone at last. It stays failed; its tree is looked at again before the next run.
  }

  #goOn(exit: ExitInfo, sequel: Sequel): void {
    this.#incarnation = undefined;
    if (sequel.kind === 'stop') {
      this.#apply('reaped', sequel.cause);
    } else if (sequel.kind === 'relaunch') {
      this.#apply('relaunch', sequel.cause);
      this.#admit(sequel.restart);
    } else {
      this.#decide(exit);
    }
  }

  #decide(exit: ExitInfo): void {
    const { cause } = exit;
    const decision = decideExit(exit, this.view, this.#host);
    if (decision.action === 'settle') return void this.#apply('settle', cause);
    if (decision.action === 'giveUp') return void this.#apply('giveUp', decision.cause);
    this.#record.retry(decision.delayMs, decision.attempt ?? this.state.attempt + 1);
    this.#apply('retry', cause);
    this.#backoff.begin(decision.delayMs, () => {
      this.#apply('timer', cause);
      this.#admit(true);
    });
  }
}
