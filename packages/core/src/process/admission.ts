import { isDeepStrictEqual } from 'node:util';
import type { ResolvedPort } from '../contract/config.ts';
import type { Veto } from '../contract/hooks.ts';
import type { Cause } from '../contract/process.ts';
import type { ReapReport } from '../contract/runner.ts';
import { isHeld } from '../state/phases.ts';
import { type Unmet, unmetDependencies } from './dependencies.ts';
import type { Incarnation } from './incarnation.ts';
import { type Launch, prepareLaunch } from './launch.ts';
import { refusalCause, survivorsCause } from './refusal.ts';
import type { Subject, SupervisorHost } from './supervisor-host.ts';

/** The process that is to begin. */
export interface Applicant extends Subject {
  /** It begins without what it depends on: none of that is waited for. */
  readonly alone: boolean;
}

export interface AdmissionOutcome {
  /** All gates have passed; the port is this process's until `freePort`. Called in a turn of its own. */
  admitted(launch: Launch): void;
  refused(cause: Cause): void;
  /** What was left of the last run is gone. */
  cleared(): void;
}

const retryVetoAfterMs = 1000;

/**
 * What happens in `waiting`: dependencies, what is left of the last run, gates, port, plan, environment. One attempt at a
 * time; `cancel` takes back whatever it holds.
 */
export class Admission {
  readonly #process: Applicant;
  readonly #host: SupervisorHost;
  readonly #outcome: AdmissionOutcome;
  #attempt: AbortController | undefined;
  #timer: Disposable | undefined;
  #port: number | undefined;
  /** What the port was taken for. */
  #portSpec: ResolvedPort | undefined;
  /** Ports that the app could not use in this start. */
  readonly #skip = new Set<number>();

  constructor(process: Applicant, host: SupervisorHost, outcome: AdmissionOutcome) {
    this.#process = process;
    this.#host = host;
    this.#outcome = outcome;
  }

  /** Nothing is under way: only a change of a dependency can bring it on. */
  get idle(): boolean {
    return this.#attempt === undefined && this.#timer === undefined;
  }

  cancel(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  /** The process is down for good: the next run may get another port. */
  freePort(): void {
    if (this.#port !== undefined) this.#host.ports.free(this.#port);
    this.#port = undefined;
  }

  /** What is taken over has a port already. */
  adopt(port: number): void {
    this.#host.ports.adopt(port);
    this.#port = port;
    this.#portSpec = this.#process.spec.port;
  }

  /** Its last run is ending for good: nobody keeps the port open for another one. */
  shutPort(): void {
    if (this.#port !== undefined) this.#host.ports.shut(this.#port);
  }

  /** The app could not use its port: the next run gets another one, until `forgetSkipped`. */
  skipPort(): void {
    if (this.#port !== undefined) this.#skip.add(this.#port);
    this.freePort();
  }

  /** The start in which ports were skipped is over. */
  forgetSkipped(): void {
    this.#skip.clear();
  }

  /** With `next`, which it is to have after the end that is coming, the port is another one's. */
  yieldPort(next: ResolvedPort | undefined): void {
    if (this.#port !== undefined && !isDeepStrictEqual(next, this.#portSpec)) this.#host.ports.yield(this.#port);
  }

  /** It cannot begin. What the machine lacks for a moment is waited for. */
  refuse(cause: Cause): void {
    if (cause.code === 'exhausted') this.#askAgain({ reason: `${cause.message}; it is tried again every second` });
    else this.#outcome.refused(cause);
  }

  /** Begins, or begins anew. `remains` is what survived the last run. */
  begin(remains?: Incarnation): void {
    this.cancel();
    if (remains !== undefined) {
      this.#clear(remains);
      return;
    }
    // The port of the last run is tried again first, unless another one is asked for now: others may wait for that.
    if (!isDeepStrictEqual(this.#process.spec.port, this.#portSpec)) {
      this.freePort();
      this.forgetSkipped();
    }
    const unmet = this.#unmet();
    if (unmet.length > 0) {
      const texts = unmet.map(({ text }) => text);
      this.#waitFor(texts, unmet.find(({ down }) => down !== undefined)?.down);
      return;
    }
    if (isHeld(this.#process.view)) this.#waitFor([]);
    this.#prepare();
  }

  // Something survived SIGKILL. Beside it no new incarnation may start.
  #clear(remains: Incarnation): void {
    this.#waitFor(['what is left of the last run to end']);
    const end = (): Promise<ReapReport> => remains.child.reap({ signal: 'SIGKILL', graceMs: 0 });
    this.#attemptTo(end, ({ escaped }) => {
      if (escaped.length > 0) return this.#outcome.refused(survivorsCause(escaped));
      this.#outcome.cleared();
      this.begin();
    });
  }

  #prepare(): void {
    const { spec, view } = this.#process;
    const wanted = this.#port === undefined ? spec.port?.preferred : undefined;
    const yielded = typeof wanted === 'number' ? this.#host.ports.yielded(wanted) : undefined;
    if (yielded !== undefined) {
      this.#waitFor([`port ${wanted}: the process that gives it up is ending`]);
      this.#attemptTo(
        () => yielded,
        () => this.begin(),
      );
      return;
    }
    this.#portSpec = spec.port;
    this.#attemptTo(
      (signal) => prepareLaunch(spec, view, this.#host, { sticky: this.#port, skip: this.#skip }, signal),
      (launch, giveBack) => {
        if ('veto' in launch) return this.#askAgain(launch.veto);
        // What was there when the gates were asked may have gone meanwhile.
        if (this.#unmet().length > 0) {
          giveBack();
          return this.begin();
        }
        const { port } = launch.plan;
        if (this.#port !== port) this.freePort();
        this.#port = port;
        this.#outcome.admitted(launch);
      },
    );
  }

  #unmet(): readonly Unmet[] {
    return this.#process.alone ? [] : unmetDependencies(this.#process.spec, this.#host.stateOf);
  }

  #askAgain({ reason, retryAfterMs = retryVetoAfterMs }: Veto): void {
    this.#waitFor([reason]);
    this.#timer = this.#host.clock.after(retryAfterMs, () => this.#host.post(() => this.begin()));
  }

  /** Brings the result back as a message, unless the attempt has been cancelled meanwhile. */
  #attemptTo<T>(work: (signal: AbortSignal) => Promise<T>, use: (value: T, giveBack: () => void) => void): void {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const settle = (message: () => void): void =>
      this.#host.post(() => {
        if (attempt.signal.aborted) return;
        // What it holds is handed over: a later cancel must not take it back.
        this.#attempt = undefined;
        message();
      });
    work(attempt.signal).then(
      (value) => void this.#host.pacer.begin(() => settle(() => use(value, () => attempt.abort()))),
      (fault: unknown) =>
        settle(() => {
          // Nobody takes over what a failed attempt holds.
          attempt.abort();
          this.refuse(refusalCause(fault));
        }),
    );
  }

  /** @param down why that will not come by itself */
  #waitFor(waitingFor: readonly string[], down?: Cause): void {
    const { name } = this.#process.spec;
    const state = this.#host.stateOf(name);
    const known = isHeld(state) ? state.cause?.message : undefined;
    if (waitingFor.join() === state.waitingFor.join() && known === down?.message) return;
    const cause = down === undefined ? {} : { cause: down };
    this.#host.bus.append('process.waiting', { name, waitingFor: Object.freeze([...waitingFor]), ...cause });
  }
}
