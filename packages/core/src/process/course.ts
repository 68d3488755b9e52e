import type { Cause, ExitInfo, Trigger } from '../contract/process.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import type { Adoption } from './adoption.ts';
import { Aftermath } from './aftermath.ts';
import { notReplaced, requested } from './causes.ts';
import { Ending, type Sequel } from './ending.ts';
import type { Incarnation } from './incarnation.ts';
import type { Launch } from './launch.ts';
import { Overlap } from './overlap.ts';
import type { ProcessRecord, Spawned } from './record.ts';
import { refusalCause, survivorsCause } from './refusal.ts';
import { adoptIncarnation, type LeaderExit, spawnIncarnation } from './spawn.ts';
import type { Starting } from './start-conditions.ts';
import { Startup } from './startup.ts';
import type { SupervisorHost } from './supervisor-host.ts';
import { concludeExit } from './verdict.ts';
import { toldBy, Whereabouts } from './whereabouts.ts';

export interface CourseOutcome {
  /** Changes the phase. False when the trigger is a legal no-op. */
  apply(trigger: Trigger, cause?: Cause): boolean;
  /** It cannot be spawned. */
  refused(cause: Cause): void;
  /** The next run is to have another port than this one. */
  skipPort(): void;
  /** It is to be admitted anew; `restarting` when that counts as a restart. */
  again(restarting: boolean): void;
}

/** The course of an incarnation: spawned, watched until it is ready, ended or exited, and what follows. */
export class Course {
  readonly #process: Starting;
  readonly #record: ProcessRecord;
  readonly #host: SupervisorHost;
  readonly #outcome: CourseOutcome;
  readonly #startup: Startup;
  readonly #ending: Ending;
  readonly #aftermath: Aftermath;
  readonly #overlap: Overlap;
  #incarnation: Incarnation | undefined;

  constructor(process: Starting, record: ProcessRecord, host: SupervisorHost, outcome: CourseOutcome) {
    this.#process = process;
    this.#record = record;
    this.#host = host;
    this.#outcome = outcome;
    this.#startup = new Startup(process, record, host, {
      ready: () => this.#ready(),
      failed: (cause) => this.condemn(cause),
    });
    this.#ending = new Ending(process, record, host, {
      gone: (exit, sequel) => this.#goOn(exit, sequel),
      survived: (pids, { cause }) => void outcome.apply('unkillable', survivorsCause(pids, [cause.message])),
    });
    this.#overlap = new Overlap(process, record, host);
    this.#aftermath = new Aftermath(process, record, host, {
      apply: (trigger, cause) => void outcome.apply(trigger, cause),
      skipPort: () => outcome.skipPort(),
      again: (restarting) => outcome.again(restarting),
    });
  }

  /** What lives, or survived SIGKILL. */
  get incarnation(): Incarnation | undefined {
    return this.#incarnation;
  }

  /** What comes after the end that is under way, if one is. */
  get sequel(): Sequel | undefined {
    return this.#ending.sequel;
  }

  begin(launch: Launch, restart: boolean): void {
    try {
      this.#incarnation = spawnIncarnation(launch, this.#process.output, this.#host, (incarnation, exit) =>
        this.#exited(incarnation, exit),
      );
    } catch (fault) {
      this.#outcome.refused(refusalCause(fault));
      return;
    }
    this.#begun(this.#incarnation, restart);
  }

  /** Takes over what an earlier manager has started. */
  adopt(adoption: Adoption): void {
    this.#incarnation = adoptIncarnation(adoption, this.#process.output, this.#host, (incarnation, exit) =>
      this.#exited(incarnation, exit),
    );
    this.#begun(this.#incarnation, false);
  }

  #begun(incarnation: Incarnation, restart: boolean): void {
    const { plan, isAdopted } = incarnation;
    this.#admitted(incarnation, plan, { restart, isAdopted, beside: this.#overlap.former?.child.pid });
    this.#startup.begin(incarnation);
  }

  /** @param plan with the number that the run counts as */
  #admitted(incarnation: Incarnation, plan: LaunchPlan, how: Omit<Spawned, 'pid'>): void {
    const { spec } = this.#process;
    const told = toldBy(plan, spec);
    if (told !== undefined) incarnation.whereabouts = new Whereabouts(told, this.#record, this.#host);
    this.#record.spawned(plan, spec, { pid: incarnation.child.pid, ...how });
    this.#outcome.apply('admitted');
  }

  #ready(): void {
    this.#outcome.apply('ready');
    if (this.#incarnation !== undefined) this.#overlap.retire(this.#incarnation, requested('the next run is ready'));
  }

  /** Whether the next run may begin beside this one. */
  get canStepAside(): boolean {
    const isUp = this.#record.state.phase === 'running' && this.#incarnation?.child.alive === true;
    return isUp && this.#process.spec.port?.overlap === true;
  }

  /** What runs serves on until the next run is ready. */
  stepAside(): void {
    if (this.#incarnation !== undefined) this.#overlap.begin(this.#incarnation, this.#process.spec.stop);
    this.#incarnation = undefined;
  }

  /**
   * There is no next run: the one before it, if it still serves, goes on in its place. False when there is none.
   *
   * @param cause why it is still the one that runs
   */
  goBack(cause: Cause): boolean {
    const incarnation = this.#overlap.takeBack();
    if (incarnation === undefined) return false;
    const { phase, generation } = this.#record.state;
    if (phase !== 'waiting') {
      this.#outcome.apply('retry', cause);
      this.#outcome.apply('timer', cause);
    }
    incarnation.relabel(generation + 1);
    const plan = { ...incarnation.plan, generation: incarnation.generation };
    this.#incarnation = incarnation;
    this.#admitted(incarnation, plan, { restart: false, isAdopted: false, isBack: true });
    incarnation.setReady(true);
    this.#record.condition('ready', { status: 'true', reason: 'Ready' });
    this.#outcome.apply('ready', cause);
    return true;
  }

  /** Something else is to come after the end that is under way, if one is. */
  redirect(sequel: Sequel): void {
    this.#ending.redirect(sequel);
  }

  /** In `stopping`: ends it, unless nothing of it is alive. */
  end(sequel: Sequel, graceMs?: number): void {
    if (this.#incarnation === undefined) return;
    if (sequel.kind === 'stop') this.#overlap.retire(this.#incarnation, sequel.cause, graceMs);
    this.#ending.begin(this.#incarnation, sequel, graceMs);
  }

  /** Ends it; then `decide` says what comes next. */
  condemn(cause: Cause): void {
    if (this.#outcome.apply('fail', cause)) this.end({ kind: 'decide', cause, condemned: true });
  }

  /** Skips what is left of the grace. */
  kill(): void {
    this.#overlap.kill();
    this.#incarnation?.kill();
  }

  /** What survived has ended. */
  forget(): void {
    this.#incarnation = undefined;
  }

  /** The phase has changed: a wait belongs to the phase in which it began. */
  cancelRetry(): void {
    this.#aftermath.cancel();
  }

  #exited(incarnation: Incarnation, { code, signal, leftovers }: LeaderExit): void {
    const { phase } = this.#record.state;
    if (this.#overlap.exited(incarnation, { code, signal, leftovers }, this.#incarnation)) return;
    const ending = this.sequel;
    const { exit, lastLines } = concludeExit(incarnation, { code, signal, ending }, this.#process, this.#host);
    this.#record.exited(incarnation.generation, exit, lastLines);
    if (ending !== undefined) {
      this.#ending.conclude(incarnation);
    } else if (leftovers.length > 0) {
      if (this.#outcome.apply('fail', exit.cause)) this.end({ kind: 'decide', cause: exit.cause, condemned: false });
    } else if (phase === 'starting' || phase === 'running') {
      this.#incarnation = undefined;
      this.#decide(exit);
    }
    // Else a survivor of SIGKILL is gone at last. It stays failed; its tree is looked at again before the next run.
  }

  #goOn(exit: ExitInfo, sequel: Sequel): void {
    this.#incarnation = undefined;
    if (sequel.kind === 'stop') {
      this.#outcome.apply('reaped', sequel.cause);
    } else if (sequel.kind === 'relaunch') {
      this.#outcome.apply('relaunch', sequel.cause);
      this.#outcome.again(sequel.restart);
    } else {
      this.#decide(exit);
    }
  }

  #decide(exit: ExitInfo): void {
    if (this.#record.state.desired === 'down' || !this.goBack(notReplaced(exit.cause))) this.#aftermath.decide(exit);
  }
}
