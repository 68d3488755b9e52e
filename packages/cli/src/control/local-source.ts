import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandInfo, CommandResult, Manager, ManagerEvent, OutputLine, SubscribeOptions } from '@promptbin/core';
import type { LineFeed } from './line-feed.ts';
import type { ManagerRecord } from './record.ts';
import type { LineQuery, ManagerSource, ManagerStatus } from './source.ts';

/** Lines that come closer together are taken together: one pull of the ring serves many lines of a flood. */
const pullMs = 10;

/** The manager of this process, also while it is being made: who asks early waits until it is there. */
export class LocalSource implements ManagerSource {
  readonly #record: ManagerRecord;
  readonly #ephemeral: boolean;
  readonly #feed: LineFeed;
  readonly #made = Promise.withResolvers<Manager>();
  #manager: Manager | undefined;
  #closing = false;

  constructor(record: ManagerRecord, ephemeral: boolean, feed: LineFeed) {
    this.#record = record;
    this.#ephemeral = ephemeral;
    this.#feed = feed;
    // Whoever waits hears of a failure; when nobody does, it is not unhandled.
    this.#made.promise.catch(() => {});
  }

  adopt(manager: Manager): void {
    this.#manager = manager;
    manager.on('manager.closing', () => {
      this.#closing = true;
    });
    this.#made.resolve(manager);
  }

  /** There will be no manager. */
  fail(cause: unknown): void {
    this.#made.reject(cause);
  }

  async status(): Promise<ManagerStatus> {
    const state = this.#manager === undefined ? 'starting' : this.#closing ? 'closing' : 'running';
    return {
      version: 1,
      manager: { ...this.#record, state, ephemeral: this.#ephemeral },
      processes: this.#manager?.processes() ?? [],
    };
  }

  async commands(): Promise<readonly CommandInfo[]> {
    return (await this.#made.promise).commands();
  }

  async call(
    name: string,
    input: unknown,
    call: { readonly caller: string; readonly signal?: AbortSignal },
  ): Promise<CommandResult> {
    return (await this.#made.promise).call(name, input, call);
  }

  async *subscribe(options?: SubscribeOptions): AsyncGenerator<ManagerEvent> {
    yield* (await this.#made.promise).subscribe(options);
  }

  async *lines(name: string, { tail, after, follow, signal }: LineQuery = {}): AsyncGenerator<OutputLine> {
    const process = (await this.#made.promise).process(name);
    let page = process.logs({ ...(tail === undefined ? {} : { tail }), ...(after === undefined ? {} : { after }) });
    yield* page.lines;
    while (follow && !signal?.aborted) {
      await this.#feed.after(name, page.cursor, signal);
      await sleep(pullMs);
      const next = process.logs({ after: page.cursor });
      // Woken without a line: the manager has ended.
      if (next.lines.length === 0) return;
      page = next;
      yield* page.lines;
    }
  }
}
