import type {
  LogPage,
  LogQuery,
  ManagedProcess,
  StartOptions,
  Surroundings,
  UntilOptions,
} from '../contract/manager.ts';
import type { Cause, Phase, ProcessView, StopReceipt } from '../contract/process.ts';
import type { ChildTerminal, ReapReport } from '../contract/runner.ts';
import type { FoundLine, WaitForLine } from '../contract/services.ts';
import { PromptbinError } from '../errors/error.ts';
import { requested } from '../process/causes.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { processOf } from '../state/describe.ts';
import { isHeld } from '../state/phases.ts';
import { summarize } from '../state/summary.ts';
import { type Ending, type EndOptions, summed } from './end.ts';
import { presentRun, presentTerminal, surroundingsOf } from './exec.ts';
import type { Kernel } from './kernel.ts';
import type { Requests } from './requests.ts';

/** One process, as programs and commands see it. */
export class ProcessHandle implements ManagedProcess, Ending {
  readonly name: string;
  readonly #supervisor: Supervisor;
  readonly #kernel: Kernel;
  readonly #requests: Requests;
  /** How it was when it was removed from the manager. */
  #last: ProcessView | undefined;

  constructor(supervisor: Supervisor, kernel: Kernel, requests: Requests) {
    this.name = supervisor.spec.name;
    this.#supervisor = supervisor;
    this.#kernel = kernel;
    this.#requests = requests;
  }

  get view(): ProcessView {
    return this.#last ?? this.#supervisor.view;
  }

  /** It is no longer part of the manager; whoever waits for it hears so by the event `process.removed`. */
  retire(): void {
    this.#last = this.view;
  }

  async start(options?: StartOptions): Promise<ProcessView> {
    await this.requestStart('start requested', options);
    return this.settled();
  }

  async restart(why = 'restart requested'): Promise<ProcessView> {
    await this.requestRestart(why);
    return this.settled();
  }

  /** Resolves when the command has been taken; does not wait for what comes of it. */
  requestStart(why: string, { dependencies = true }: StartOptions = {}): Promise<void> {
    return this.#command(() => this.#requests.start(this.name, requested(why), !dependencies));
  }

  requestRestart(why: string): Promise<void> {
    return this.#command(() => this.#requests.restart(this.name, requested(why)));
  }

  async stop(why = 'stop requested', graceMs?: number): Promise<StopReceipt> {
    const { closed } = this.#kernel;
    const receipt = await this.#command(() => this.#requests.stop(this, requested(why), graceMs), closed);
    const { escaped } = receipt;
    if (escaped.length === 0) return receipt;
    throw new PromptbinError('PB_STOP_UNKILLABLE', `"${this.name}" is still alive: pid ${escaped.join(', ')}.`, {
      process: this.name,
      hint: 'Look at the process: it may belong to another user or hang in the kernel.',
      details: { ...this.view, summary: summarize(this.view), receipt },
    });
  }

  async end(cause: Cause, { graceMs, unlessWanted = false }: EndOptions = {}): Promise<StopReceipt> {
    const { bus, clock, closed } = this.#kernel;
    const began = clock.now();
    // More than one when two runs were there.
    const reports: ReapReport[] = [];
    using _ = bus.listen((event) => {
      if (event.type === 'process.stopped' && event.data.name === this.name) reports.push(event.data);
    });
    await this.#command(() => {
      if (!unlessWanted || this.#supervisor.state.desired === 'down') this.#supervisor.stop(cause, graceMs);
    }, closed);
    await this.until((view) => view.phase !== 'stopping');
    return { name: this.name, ...summed(reports), tookMs: clock.now() - began };
  }

  kill(): void {
    this.#supervisor.kill();
  }

  until(
    test: Phase | 'ready' | ((view: ProcessView) => boolean),
    { timeoutMs, signal }: UntilOptions = {},
  ): Promise<ProcessView> {
    const passes =
      typeof test === 'function' ? test : (view: ProcessView) => (test === 'ready' ? view.ready : view.phase === test);
    const { bus, clock, closed } = this.#kernel;
    const { promise, resolve, reject } = Promise.withResolvers<ProcessView>();
    const check = (): void => {
      const { view } = this;
      try {
        if (passes(view)) resolve(view);
      } catch (fault) {
        reject(fault);
      }
    };
    const listener = bus.listen((event) => {
      if (processOf(event) !== this.name) return;
      check();
      if (this.#last !== undefined) reject(this.#removed());
    });
    const timer =
      timeoutMs === undefined ? undefined : clock.after(timeoutMs, () => reject(this.#timeUp(test, timeoutMs)));
    const abort = (): void => reject(signal?.reason);
    const close = (): void => reject(closedError());
    signal?.addEventListener('abort', abort, { once: true });
    closed.addEventListener('abort', close, { once: true });
    check();
    if (this.#last !== undefined) reject(this.#removed());
    if (signal?.aborted) abort();
    if (closed.aborted) close();
    return promise.finally(() => {
      listener[Symbol.dispose]();
      timer?.[Symbol.dispose]();
      signal?.removeEventListener('abort', abort);
      closed.removeEventListener('abort', close);
    });
  }

  /** Resolves when it is ready; rejects as soon as it is clear that this start has not led there. */
  async settled(options: UntilOptions = {}): Promise<ProcessView> {
    const { generation } = this.view;
    const view = await this.until((now) => now.ready || hasEnded(now) || isHeld(now), options);
    // With a cause, the run that was asked for has failed, and the one before goes on in its place.
    const isBack = view.phase === 'running' && view.cause !== undefined && view.generation !== generation;
    if (view.ready && !isBack) return view;
    const before = isBack ? `${this.name} was not restarted: ${view.cause?.message}; ` : '';
    throw new PromptbinError('PB_START_FAILED', `${before}${summarize(view)}.`, {
      process: this.name,
      hint: isHeld(view)
        ? 'It comes up by itself as soon as what it waits for does.'
        : (view.cause?.hint ?? `Read its output: \`promptbin logs ${this.name}\`, or the tool read_logs.`),
      details: view,
    });
  }

  logs(query: LogQuery = {}): LogPage {
    return this.#supervisor.output.page(query);
  }

  onOutput(fn: () => void): Disposable {
    return this.#supervisor.output.onChunk(fn);
  }

  surroundings(): Surroundings {
    return surroundingsOf(presentRun(this.name, this.#last === undefined ? this.#supervisor : undefined));
  }

  terminal(): ChildTerminal {
    return presentTerminal(this.name, this.#last === undefined ? this.#supervisor : undefined);
  }

  signal(signal: NodeJS.Signals): Promise<boolean> {
    return this.#command(() => this.#supervisor.signal(signal, this.view.generation));
  }

  write(text: string): Promise<void> {
    return this.#command(() => this.#supervisor.write(text));
  }

  waitForLine(fits: (text: string) => boolean, options: WaitForLine): Promise<FoundLine> {
    return this.#supervisor.output.waitFor(fits, options);
  }

  #timeUp(test: unknown, timeoutMs: number): PromptbinError {
    const what = typeof test === 'string' ? `"${test}"` : 'what was waited for';
    const message = `"${this.name}" did not reach ${what} within ${timeoutMs} ms: ${summarize(this.view)}.`;
    return new PromptbinError('PB_WAIT_TIMEOUT', message, { process: this.name, details: this.view });
  }

  #removed(): PromptbinError {
    return new PromptbinError('PB_PROCESS_UNKNOWN', `"${this.name}" is no longer part of the config.`, {
      process: this.name,
    });
  }

  // The message is handled in its own turn, which may come after this call: only then is the view worth looking at.
  #command<T>(message: () => T | Promise<T>, tooLate: AbortSignal = this.#kernel.closing): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#kernel.post(() => {
      if (tooLate.aborted) return reject(closedError());
      // Only its end can be asked for while it is being taken out, and nothing after that.
      const isEnd = tooLate !== this.#kernel.closing;
      if (this.#last !== undefined || (this.#supervisor.leaving && !isEnd)) return reject(this.#removed());
      resolve(message());
    });
    return promise;
  }
}

/** For whoever wants to start something in a manager that is ending or has ended. */
export function closedError(): PromptbinError {
  return new PromptbinError('PB_MANAGER_CLOSED', 'The manager is closing or closed.');
}

function hasEnded({ phase }: ProcessView): boolean {
  return phase === 'failed' || phase === 'backoff' || phase === 'stopped' || phase === 'completed';
}
