import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CallOptions,
  ChildTerminal,
  CommandInfo,
  CommandResult,
  Manager,
  ManagerEvent,
  OutputLine,
  SubscribeOptions,
  Surroundings,
} from '@promptbin/core';
import { Bell } from './bell.ts';
import type { ManagerRecord } from './record.ts';
import type { LineQuery, ManagerSource, ManagerStatus } from './source.ts';

/** What is written within this time is read together: one look at the ring serves many lines of a flood, ms. */
const gatherMs = 10;

/** The manager of this process, also while it is being made: who asks early waits until it is there. */
export class LocalSource implements ManagerSource {
  readonly #record: ManagerRecord;
  #ephemeral: boolean;
  readonly #made = Promise.withResolvers<Manager>();
  readonly #ended = new AbortController();
  #manager: Manager | undefined;
  #closing = false;

  constructor(record: ManagerRecord, ephemeral: boolean) {
    this.#record = record;
    this.#ephemeral = ephemeral;
    // Whoever waits hears of a failure; when nobody does, it is not unhandled.
    this.#made.promise.catch(() => {});
  }

  /** @param closing resolves when it begins to close */
  adopt(manager: Manager, closing: Promise<unknown>): void {
    this.#manager = manager;
    void closing.then(() => {
      this.#closing = true;
    });
    this.#made.resolve(manager);
  }

  /** There will be no manager. */
  fail(cause: unknown): void {
    this.#made.reject(cause);
  }

  /** The manager has closed: whoever follows the output gets the rest and no more. */
  end(): void {
    this.#ended.abort();
  }

  async status(): Promise<ManagerStatus> {
    const state = this.#manager === undefined ? 'starting' : this.#closing ? 'closing' : 'running';
    return {
      version: 1,
      manager: { ...this.#record, state, ephemeral: this.#ephemeral },
      processes: this.#manager?.processes() ?? [],
    };
  }

  get isEphemeral(): boolean {
    return this.#ephemeral;
  }

  async keep(): Promise<void> {
    this.#ephemeral = false;
  }

  async commands(): Promise<readonly CommandInfo[]> {
    return (await this.#made.promise).commands();
  }

  async call(name: string, input: unknown, call: CallOptions): Promise<CommandResult> {
    return (await this.#made.promise).call(name, input, call);
  }

  async surroundings(name: string): Promise<Surroundings> {
    return (await this.#made.promise).process(name).surroundings();
  }

  async terminal(name: string): Promise<ChildTerminal> {
    return (await this.#made.promise).process(name).terminal();
  }

  async *subscribe(options?: SubscribeOptions): AsyncGenerator<ManagerEvent> {
    yield* (await this.#made.promise).subscribe(options);
  }

  async *lines(name: string, { tail, after, follow, signal }: LineQuery = {}): AsyncGenerator<OutputLine> {
    const process = (await this.#made.promise).process(name);
    const stop = signal === undefined ? this.#ended.signal : AbortSignal.any([this.#ended.signal, signal]);
    const bell = new Bell();
    using _output = process.onOutput(bell.ring);
    stop.addEventListener('abort', bell.ring, { once: true });
    let page = process.logs({ ...(tail !== undefined && { tail }), ...(after !== undefined && { after }) });
    for (;;) {
      // Before the lines are handed out: what is written meanwhile is still to be read.
      const last = !follow || stop.aborted;
      yield* page.lines;
      if (last) return;
      await bell.heard();
      if (!stop.aborted) await sleep(gatherMs);
      page = process.logs({ after: page.cursor });
    }
  }
}
