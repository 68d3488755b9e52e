import type { IncomingMessage, ServerResponse } from 'node:http';
import { isInitializeRequest } from '@modelcontextprotocol/server';
import { createMcpServer, type McpServerOptions, type ServerParts } from '../server.ts';
import type { Join } from './presence.ts';
import { refuse } from './refusal.ts';
import { Session } from './session.ts';

export interface SessionsOptions extends Pick<ServerParts, 'extend'> {
  readonly server: McpServerOptions;
  readonly join: Join;
  readonly most: number;
  readonly idleMs: number;
}

/** Serves the revisions before 2026-07-28: each client has a session, from its handshake to its DELETE. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    if (id !== undefined) {
      const session = this.#sessions.get(String(id));
      if (session !== undefined) return session.handle(request, response, body);
      return refuse(response, { status: 404, code: -32_001, message: 'There is no such session; initialize anew.' });
    }
    if (request.method !== 'POST' || !isInitializeRequest(body)) {
      const message = 'Without an Mcp-Session-Id the first request must be initialize.';
      return refuse(response, { status: 400, message });
    }
    const { most } = this.#options;
    if (this.#sessions.size >= most) {
      const idlest = this.#idlest();
      if (idlest === undefined) {
        const message = `There are ${most} sessions already, and all of them are in use; end one by DELETE.`;
        return refuse(response, { status: 503, message, headers: { 'retry-after': '60' } });
      }
      // In this turn, so that nobody else takes the place.
      this.#sessions.delete(idlest.id);
      void idlest.close();
    }
    await this.#begin(request, response, body);
  }

  /** Most clients go without a DELETE: who has been away for longest makes room. */
  #idlest(): Session | undefined {
    const idle = [...this.#sessions.values()].filter(({ idleSince }) => idleSince !== undefined);
    return idle.sort((one, other) => Number(one.idleSince) - Number(other.idleSince))[0];
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  async #begin(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const { server, extend, join, idleMs } = this.#options;
    const joined = join();
    const session = new Session(createMcpServer({ ...server, era: 'legacy' }, extend ? { extend } : {}), {
      idleMs,
      onEnd: (id) => {
        this.#sessions.delete(id);
        joined[Symbol.dispose]();
      },
    });
    // Before anything is awaited, so that no more come in than there may be.
    this.#sessions.set(session.id, session);
    try {
      await session.connect();
      await session.handle(request, response, body);
    } finally {
      // What was no proper handshake has been refused, and leaves nothing behind.
      if (!session.isBegun) await session.close();
    }
  }
}
