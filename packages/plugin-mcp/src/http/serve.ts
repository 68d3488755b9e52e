import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PromptbinError } from '@promptbin/core/views';
import type { McpServerOptions, ServerParts } from '../server.ts';
import { type HttpAddress, parseAddress, urlOf } from './address.ts';
import type { McpHttpHandler } from './handler.ts';
import { refuse } from './refusal.ts';
import { isToken, readToken } from './token.ts';

export interface ServeHttpOptions extends Omit<McpServerOptions, 'era'> {
  /** Loopback only. Default: 127.0.0.1, port 7333; port 0 is any that is free. */
  readonly http?: Partial<HttpAddress>;
  /** The file that holds the bearer token. Made, readable by its owner alone, when it is not there. */
  readonly tokenFile: string;
}

export interface HttpService {
  /** Where clients connect to, such as `http://127.0.0.1:7333/mcp`. */
  readonly url: string;
  /** Does not keep the Node process alive. */
  unref(): void;
  /** Ends every session and stream; resolves when the port is free. Never rejects. */
  close(): Promise<void>;
}

/** A client that is slow to ask takes a place that others may want, ms. */
const requestMs = 30_000;
const mostConnections = 512;

/**
 * Serves MCP over HTTP to programs of this machine that know the token, in both eras of the protocol. Resolves as soon as it
 * listens and never waits for the manager.
 *
 * @throws PromptbinError `PB_MCP_HTTP` for an address of another machine, a port that cannot be had (the error of listen is
 * its `cause`), or a token file that is not safe
 */
export async function serveHttp(
  { http, tokenFile, ...options }: ServeHttpOptions,
  parts: Pick<ServerParts, 'extend'> = {},
): Promise<HttpService> {
  const address = parseAddress(http);
  const token = await readToken(tokenFile);
  let loading: Promise<Served> | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (pathOf(request.url) !== '/mcp') return refuse(response, { status: 404, message: 'There is only /mcp.' });
    const why = distrust(request, token);
    if (why !== undefined) return unauthorized(response, `${why} The token is in ${tokenFile}.`);
    // The SDK costs 100 ms, which a manager without agents need not spend.
    loading ??= load(options, parts);
    const { isLocal, handler } = await loading;
    if (isLocal(request, response)) await handler.handle(request, response);
  };
  // An import of it would load its web clients, too: some 25 ms at the start of every manager.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.maxConnections = mostConnections;
  try {
    server.listen(address.port, address.host);
    await once(server, 'listening');
  } catch (cause) {
    throw unbound(address, cause as NodeJS.ErrnoException);
  }
  // An accept that fails, as without descriptors, is that client's trouble.
  server.on('error', () => {});
  const { port } = server.address() as AddressInfo;
  return {
    url: urlOf({ ...address, port }),
    unref: () => void server.unref(),
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      await loading?.then(({ handler }) => handler.close()).catch(() => {});
      server.closeAllConnections();
      await promise;
    },
  };
}

interface Served {
  readonly handler: McpHttpHandler;
  isLocal(request: IncomingMessage, response: ServerResponse): boolean;
}

async function load(options: Omit<McpServerOptions, 'era'>, parts: Pick<ServerParts, 'extend'>): Promise<Served> {
  const [{ createMcpHttpHandler }, { isLocal }] = await Promise.all([import('./handler.ts'), import('./guards.ts')]);
  return { handler: createMcpHttpHandler(options, parts), isLocal };
}

/** Why a request is not to be trusted; undefined when it is. */
function distrust({ headers: { authorization } }: IncomingMessage, token: string): string | undefined {
  if (authorization === undefined) return 'A bearer token is needed.';
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  return given !== undefined && isToken(token, given) ? undefined : 'The bearer token is another one.';
}

function unauthorized(response: ServerResponse, message: string): void {
  // Its body is not read, so there can be no next request on this connection.
  const headers = { 'www-authenticate': 'Bearer realm="promptbin"', connection: 'close' };
  refuse(response, { status: 401, message, headers });
}

function unbound({ host, port }: HttpAddress, cause: NodeJS.ErrnoException): PromptbinError {
  const why = cause.code === 'EADDRINUSE' ? 'the port is taken' : cause.message;
  return new PromptbinError('PB_MCP_HTTP', `MCP is not served at ${host}, port ${port}: ${why}.`, {
    hint: 'Choose another port, or 0 for any that is free.',
    cause,
  });
}

function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}
