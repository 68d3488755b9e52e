import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CallOptions,
  CommandInfo,
  CommandPort,
  CommandResult,
  ManagerEvent,
  PublicError,
  SubscribeOptions,
} from '@promptbin/core';
import pRetry from 'p-retry';
import { fault, publicError } from '../fault.ts';
import type { ManagerConnection } from './client.ts';
import { noClientsReason } from './ephemeral.ts';

export interface ReconnectOptions {
  /** Connects to the running manager. Rejects with PB_MANAGER_GONE when there is none. */
  readonly attach: (signal: AbortSignal) => Promise<ManagerConnection>;
  /** Starts a manager and connects to it. */
  readonly start: (signal: AbortSignal) => Promise<ManagerConnection>;
  /** How long a call waits for a manager that is on its way, ms. Default 10 s. */
  readonly waitMs?: number;
}

/** How long the events of a manager that is gone may take to end, ms. */
const farewellMs = 1000;

/**
 * A command port that outlives the managers behind it. It attaches to one, starts one when it may, and says why when there
 * is none. What somebody has stopped stays down until a start is asked for.
 */
export class ReconnectingPort implements CommandPort, Disposable {
  readonly #options: ReconnectOptions;
  readonly #closed = new AbortController();
  #connection: ManagerConnection | undefined;
  #attempt: { readonly mayStart: boolean; readonly connection: Promise<ManagerConnection> } | undefined;
  #recovering = false;
  /** Ends with the events of the manager. */
  #attendance: Promise<void> | undefined;
  /** Why no manager is started without need: somebody has stopped it, or the last one did not come up. */
  #hold: 'stopped' | 'broken' | undefined;
  /** Why the last one did not come up. */
  #fault: unknown;

  constructor(options: ReconnectOptions) {
    this.#options = options;
    void this.#recover();
  }

  async commands(): Promise<readonly CommandInfo[]> {
    return (await this.#reachInTime(this.#hold === undefined)).commands();
  }

  async call(name: string, input: unknown, call: CallOptions): Promise<CommandResult> {
    try {
      const connection = await this.#reachInTime(this.#mayStart(name, call.caller));
      const result = await connection.call(name, input, call);
      if (result.ok) return result;
      // Its events end, too, and say why: before that, whoever calls next would be sent to it again.
      if (result.error.code === 'PB_MANAGER_GONE') {
        await Promise.race([this.#attendance, sleep(farewellMs, undefined, { ref: false })]);
      }
      return { ...result, error: this.#advise(result.error, true) };
    } catch (cause) {
      call.signal?.throwIfAborted();
      return { ok: false, error: this.#advise(publicError(cause)) };
    }
  }

  /** Ends with the manager that it began with. */
  async *subscribe(options?: SubscribeOptions): AsyncGenerator<ManagerEvent> {
    const connection = await this.#reachInTime(false);
    yield* connection.subscribe(options);
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
    this.#connection?.close();
  }

  #mayStart(command: string, caller: string): boolean {
    // `mcp` alone is the bridge, which keeps itself informed: nobody has asked for anything.
    if (this.#hold === undefined || caller === 'mcp') return this.#hold === undefined;
    return this.#hold === 'broken' || command === 'process.start' || command === 'process.restart';
  }

  /** For an agent, who has no command line to run. */
  #advise(error: PublicError, wasSent = false): PublicError {
    if (error.code !== 'PB_MANAGER_GONE') return error;
    const hint =
      this.#hold === 'stopped'
        ? 'It was stopped on purpose. When it is wanted again, call start_process.'
        : 'Another one is being started. Call again in a few seconds.';
    // A manager that was killed may have done all of it before.
    return { ...error, hint: wasSent ? `${hint} Whether this call was carried out is not known.` : hint };
  }

  async #reachInTime(mayStart: boolean): Promise<ManagerConnection> {
    const { waitMs = 10_000 } = this.#options;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(async () => {
      const message = `No manager has answered within ${waitMs} ms.`;
      late.reject(await fault('PB_WAIT_TIMEOUT', message, { hint: 'Try again in a moment.' }));
    }, waitMs);
    try {
      return await Promise.race([this.#reach(mayStart), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** One attempt at a time, which everyone who waits shares; but one that starts nothing is no answer to who may start one. */
  async #reach(mayStart: boolean): Promise<ManagerConnection> {
    while (mayStart && this.#attempt?.mayStart === false) await this.#attempt.connection.catch(() => {});
    if (this.#connection !== undefined) return this.#connection;
    this.#attempt ??= {
      mayStart,
      connection: this.#open(mayStart).finally(() => {
        this.#attempt = undefined;
      }),
    };
    return this.#attempt.connection;
  }

  async #open(mayStart: boolean): Promise<ManagerConnection> {
    const { attach, start } = this.#options;
    const { signal } = this.#closed;
    try {
      const connection = await attach(signal).catch((cause) => {
        if (publicError(cause).code !== 'PB_MANAGER_GONE') throw cause;
        if (mayStart) return start(signal);
        throw this.#hold === 'broken' ? this.#fault : cause;
      });
      this.#connection = connection;
      this.#hold = undefined;
      this.#attendance = this.#attend(connection);
      return connection;
    } catch (cause) {
      if (mayStart) {
        this.#hold = 'broken';
        this.#fault = cause;
      }
      throw cause;
    }
  }

  /** Follows the events of a manager: so it knows that it has a client, and we know that it is there. */
  async #attend(connection: ManagerConnection): Promise<void> {
    try {
      for await (const event of connection.subscribe()) {
        if (event.type === 'manager.closing' && event.data.why !== noClientsReason) this.#hold = 'stopped';
      }
    } catch {
      // Gone without a word: a crash, which is mended.
    }
    this.#connection = undefined;
    void this.#recover();
  }

  async #recover(): Promise<void> {
    if (this.#recovering || this.#closed.signal.aborted) return;
    this.#recovering = true;
    try {
      await pRetry(() => this.#reach(this.#hold === undefined), {
        retries: Number.POSITIVE_INFINITY,
        minTimeout: 500,
        maxTimeout: 5000,
        signal: this.#closed.signal,
      });
    } catch {
      // Closed meanwhile. Whoever waits has an answer of its own.
    } finally {
      this.#recovering = false;
    }
  }
}
