import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, InMemoryServerEventBus, type ServerEvent } from '@modelcontextprotocol/server';
import { Interest } from '../interest.ts';
import { createMcpServer, type McpServerOptions, type ServerParts } from '../server.ts';
import { createHub } from './hub.ts';

/** Subscriptions that are open at a time. */
const mostSubscriptions = 256;

export interface Modern {
  handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Knows whether anybody listens. */
class CountingBus extends InMemoryServerEventBus {
  readonly #interest: Interest;

  constructor(interest: Interest) {
    super();
    this.#interest = interest;
  }

  override subscribe(listener: (event: ServerEvent) => void): () => void {
    const listening = this.#interest.listen();
    const unsubscribe = super.subscribe(listener);
    return () => {
      unsubscribe();
      listening[Symbol.dispose]();
    };
  }
}

/** Serves revision 2026-07-28: each request is answered by a server of its own, which is gone after it. */
export function serveModern(options: McpServerOptions, parts: Pick<ServerParts, 'extend'>): Modern {
  const interest = new Interest('modern');
  const handler = createMcpHandler(
    () => createMcpServer({ ...options, era: 'modern' }, { ...parts, offer: hub.offer }),
    { legacy: 'reject', maxSubscriptions: mostSubscriptions, bus: new CountingBus(interest) },
  );
  const hub = createHub(options, handler.notify, interest);
  const answer = toNodeHandler(handler);
  return {
    handle: (request, response, body) => answer(request as NodeIncomingMessageLike, response, body),
    async close() {
      hub[Symbol.dispose]();
      await handler.close();
    },
  };
}
