import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NodeIncomingMessageLike, toWebRequest } from '@modelcontextprotocol/node';
import { isJsonContentType, isLegacyRequest } from '@modelcontextprotocol/server';
import type { McpServerOptions, ServerParts } from '../server.ts';
import { readJson } from './body.ts';
import { EndingPort } from './ending-port.ts';
import { InFlight } from './in-flight.ts';
import { serveModern } from './modern.ts';
import { type Join, Visits } from './presence.ts';
import { refuse } from './refusal.ts';
import { Sessions } from './sessions.ts';

/** Streamable HTTP, in both eras of the protocol. */
export interface McpHttpHandler {
  /** Answers one request, whatever its path. Never rejects. Whom to let in is for the caller to decide. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers what has been asked, and ends every session and stream; resolves within a second or so. */
  close(): Promise<void>;
}

export interface McpHttpOptions extends Omit<McpServerOptions, 'era'> {
  /** Called when a client comes; what it gives is disposed of when that client has gone. */
  readonly join?: Join;
  /** Sessions at a time. Default 64. */
  readonly mostSessions?: number;
  /** After so long without a request and an open stream a client counts as gone, ms. Default 10 min. */
  readonly idleMs?: number;
  /** A stream says something every 15 s: one that takes nothing for so long is cut, for its reader does not read, ms. Default 60 s. */
  readonly stallMs?: number;
}

/** A client without a session that has asked nothing for so long counts as gone, ms. */
const lingerMs = 60_000;

/** At the end: for what is answered by what ends everything, as the wait for a process to exit is; then for the rest to be refused, ms. */
const graces = { natural: 300, refused: 700 } as const;

const nobody: Join = () => ({ [Symbol.dispose]() {} });

export function createMcpHttpHandler(
  { join = nobody, mostSessions = 64, idleMs = 600_000, stallMs = 60_000, ...options }: McpHttpOptions,
  parts: Pick<ServerParts, 'extend'> = {},
): McpHttpHandler {
  const port = new EndingPort(options.port);
  const server = { ...options, port };
  const inFlight = new InFlight();
  const sessions = new Sessions({ server, ...parts, join, most: mostSessions, idleMs });
  const modern = serveModern(server, parts);
  const visits = new Visits(join, Math.min(lingerMs, idleMs));

  const endStalled = (response: ServerResponse): void => {
    response.setTimeout(stallMs, () => response.destroy());
  };

  const visit = async (request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> => {
    visits.begin();
    response.once('close', () => visits.end());
    if (Object(body).method === 'subscriptions/listen') endStalled(response);
    await modern.handle(request, response, body);
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body: unknown;
    if (request.method === 'POST') {
      if (!isJsonContentType(request.headers['content-type'])) {
        return refuse(response, { status: 415, message: 'The content type of a request is application/json.' });
      }
      const read = await readJson(request);
      if ('refusal' in read) return refuse(response, read.refusal);
      body = read.value;
      if (Object(body).method !== 'subscriptions/listen') inFlight.add(response);
    }
    // Only its method and headers are looked at: the body is here already.
    if (!(await isLegacyRequest(await toWebRequest(request as NodeIncomingMessageLike, null), body)))
      return visit(request, response, body);
    endStalled(response);
    return sessions.handle(request, response, body);
  };

  return {
    async handle(request, response) {
      try {
        await route(request, response);
      } catch {
        // Mostly a client that broke off while it was still sending.
        if (response.headersSent) response.destroy();
        else refuse(response, { status: 500, code: -32_603, message: 'The request cannot be answered.' });
      }
    },
    async close() {
      visits[Symbol.dispose]();
      await inFlight.drained(graces.natural);
      port.end();
      await inFlight.drained(graces.refused);
      await Promise.all([sessions.close(), modern.close()]);
    },
  };
}
