import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from '@modelcontextprotocol/server';
import { SessionTransport } from './session-transport.ts';

export interface SessionOptions {
  /** Without a request and an open stream for so long it ends, ms. */
  readonly idleMs: number;
  /** Called once, however it ends. */
  readonly onEnd: (id: string) => void;
}

/** A connection of a client before 2026-07-28, with a server of its own. */
export class Session {
  readonly id: string = randomUUID();
  readonly #server: Server;
  readonly #transport: SessionTransport;
  readonly #idleMs: number;
  #open = 0;
  #timer: NodeJS.Timeout | undefined;
  #idleSince: number | undefined;

  constructor(server: Server, { idleMs, onEnd }: SessionOptions) {
    this.#server = server;
    this.#idleMs = idleMs;
    this.#transport = new SessionTransport({ sessionIdGenerator: () => this.id });
    this.#transport.onclose = () => {
      clearTimeout(this.#timer);
      onEnd(this.id);
    };
  }

  connect(): Promise<void> {
    return this.#server.connect(this.#transport);
  }

  /** Whether the handshake has begun. */
  get isBegun(): boolean {
    return this.#transport.sessionId !== undefined;
  }

  /** Since when it has had no request and no open stream; undefined while it has one. By the clock of `performance`. */
  get idleSince(): number | undefined {
    return this.#idleSince;
  }

  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    this.#open += 1;
    this.#idleSince = undefined;
    clearTimeout(this.#timer);
    response.once('close', () => {
      this.#open -= 1;
      if (this.#open > 0) return;
      this.#idleSince = performance.now();
      this.#timer = setTimeout(() => void this.close(), this.#idleMs).unref();
    });
    await this.#transport.handleRequest(request, response, body);
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
