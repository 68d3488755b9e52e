import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CommandResult, PublicError } from '@promptbin/core';
import { fault as faultOf, publicError } from '../fault.ts';
import { markGaps } from './gaps.ts';
import type { McpMount } from './mcp.ts';
import { type StreamOptions, writeLines } from './ndjson.ts';
import type { ManagerSource } from './source.ts';
import { terminalPath } from './terminal-server.ts';

/** The header by which a client says who asks, for the audit. */
export const callerHeader = 'x-promptbin-caller';
/** The header by which a client says that no person has agreed to what it asks for. */
export const unconfirmedHeader = 'x-promptbin-unconfirmed';

export interface RouteContext {
  readonly source: ManagerSource;
  /** A client that named itself follows the events from now on, until it is disposed of. */
  readonly join: (client: string) => Disposable;
  readonly mcp: McpMount;
  readonly stream: Omit<StreamOptions, 'signal'>;
}

interface Exchange extends RouteContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The last part of the path, decoded. */
  readonly name: string;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

type Route = (exchange: Exchange) => Promise<void>;

const largestBody = 1024 * 1024;
/** A terminal counts them with 16 bits. */
const largestSize = 65_535;

const routes: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
  ['POST', /^\/v1\/call\/([^/]+)$/, call],
  ['GET', /^\/v1\/commands$/, async ({ response, source }) => answer(response, 200, await source.commands())],
  ['GET', /^\/v1\/status$/, async ({ response, source }) => answer(response, 200, await source.status())],
  [
    'POST',
    /^\/v1\/keep$/,
    async ({ response, source }) => answer(response, 200, { ok: true, value: await source.keep() }),
  ],
  ['GET', /^\/v1\/events$/, events],
  ['POST', /^\/mcp$/, mcp],
  ['GET', /^\/mcp$/, mcp],
  ['DELETE', /^\/mcp$/, mcp],
  ['GET', /^\/v1\/logs\/([^/]+)$/, lines],
  ['POST', terminalPath, resize],
  ['GET', /^\/v1\/metrics$/, metrics],
  [
    'GET',
    /^\/v1\/surroundings\/([^/]+)$/,
    async ({ response, source, name }) => answer(response, 200, await source.surroundings(name)),
  ],
];

/** Answers one request. Every refusal has the shape of a failed CommandResult. */
export async function handle(request: IncomingMessage, response: ServerResponse, context: RouteContext): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!isOwnClient(request)) return refuse(response, 403, 'Requests of web pages and for other hosts are not taken.');
    for (const [method, path, route] of routes) {
      const [match, name = ''] = path.exec(url.pathname) ?? [];
      if (match === undefined || method !== request.method) continue;
      return await route({ ...context, request, response, url, name: decodeURIComponent(name), signal: gone.signal });
    }
    refuse(response, 404, `There is no ${request.method} ${url.pathname}.`);
  } catch (fault) {
    const error = publicError(fault);
    if (response.headersSent) response.destroy();
    else answer(response, error.code === 'PB_CONTROL_REQUEST' ? 400 : 500, { ok: false, error });
  }
}

/** A browser cannot open a Unix socket, but what forwards one to a port can be reached by any web page. */
export function isOwnClient({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined && headers.host === 'localhost';
}

async function call({ request, response, source, name, signal }: Exchange): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return refuse(response, 413, `The input of a command is at most ${largestBody} bytes.`);
  let input: unknown;
  try {
    input = body === '' ? {} : JSON.parse(body);
  } catch {
    return refuse(response, 400, 'The input of a command must be JSON.');
  }
  const caller = String(request.headers[callerHeader] ?? 'socket');
  const confirmed = request.headers[unconfirmedHeader] === undefined;
  const result = await source.call(name, input, { caller, signal, confirmed });
  answer(response, !result.ok && result.error.code === 'PB_COMMAND_UNKNOWN' ? 404 : 200, result);
}

async function events({ response, source, join, url, signal, stream }: Exchange): Promise<void> {
  const after = await numberIn(url, 'after');
  const client = url.searchParams.get('client');
  using _joined = client === null ? undefined : join(client);
  const items = source.subscribe({ signal, ...(after === undefined ? {} : { after }) });
  await writeLines(response, markGaps(items, after), { ...stream, signal });
}

/** No token is asked for: who can open the socket is let in by its file mode. */
async function mcp({ request, response, mcp }: Exchange): Promise<void> {
  await mcp.handle(request, response);
}

async function lines({ response, source, url, name, signal, stream }: Exchange): Promise<void> {
  const after = await numberIn(url, 'after');
  const tail = await numberIn(url, 'tail');
  const items = source.lines(name, {
    signal,
    follow: (await numberIn(url, 'follow')) === 1,
    ...(after === undefined ? {} : { after }),
    ...(tail === undefined ? {} : { tail }),
  });
  // Of the newest lines alone, the older ones are not missed.
  await writeLines(response, markGaps(items, tail === undefined ? after : undefined), { ...stream, signal });
}

async function resize({ response, source, url, name }: Exchange): Promise<void> {
  const [columns, rows] = [await numberIn(url, 'columns'), await numberIn(url, 'rows')];
  if (!columns || !rows || Math.max(columns, rows) > largestSize) {
    return refuse(response, 400, `"columns" and "rows" are whole numbers from 1 to ${largestSize}.`);
  }
  (await source.terminal(name)).resize({ columns, rows });
  answer(response, 200, { ok: true, value: { columns, rows } });
}

/** The text for Prometheus, of the plugin that has such a command. */
async function metrics({ response, source, signal }: Exchange): Promise<void> {
  const result = await source.call('metrics.get', { format: 'prometheus' }, { caller: 'socket', signal });
  if (!result.ok) return answer(response, result.error.code === 'PB_COMMAND_UNKNOWN' ? 404 : 500, result);
  const { contentType, text } = result.value as { readonly contentType: string; readonly text: string };
  response.writeHead(200, { 'content-type': contentType }).end(text);
}

/** @throws PromptbinError `PB_CONTROL_REQUEST` when it is there and no whole number */
async function numberIn(url: URL, key: string): Promise<number | undefined> {
  const text = url.searchParams.get(key);
  if (text === null) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw await faultOf('PB_CONTROL_REQUEST', `"${key}" is ${JSON.stringify(text)}, expected a whole number.`);
}

/** The text of the body; undefined when there is too much of it. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is beyond the limit is read and dropped, so that the client gets to read the answer.
    if (size <= largestBody) chunks.push(chunk);
  }
  return size > largestBody ? undefined : Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const error: PublicError = { code: 'PB_CONTROL_REQUEST', message };
  answer(response, status, { ok: false, error } satisfies CommandResult);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
