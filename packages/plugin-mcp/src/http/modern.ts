import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { createMcpServer, type McpServerOptions, type ServerParts } from '../server.ts';
import { createHub } from './hub.ts';

/** Subscriptions that are open at a time. */
const mostSubscriptions = 256;

export interface Modern {
  handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Serves revision 2026-07-28: each request is answered by a server of its own, which is gone after it. */
export function serveModern(options: McpServerOptions, parts: Pick<ServerParts, 'extend'>): Modern {
  const handler = createMcpHandler(
    () => createMcpServer({ ...options, era: 'modern' }, { ...parts, offer: hub.offer }),
    { legacy: 'reject', maxSubscriptions: mostSubscriptions },
  );
  const hub = createHub(options, handler.notify);
  const answer = toNodeHandler(handler);
  return {
    handle: (request, response, body) => answer(request as NodeIncomingMessageLike, response, body),
    async close() {
      hub[Symbol.dispose]();
      await handler.close();
    },
  };
}
