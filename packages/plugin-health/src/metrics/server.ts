import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { http } from '../http.ts';
import { isLoopback } from './loopback.ts';
import type { MetricsAddress } from './settings.ts';

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** Answers `GET /metrics` to programs of this machine. One request per connection: nothing stays open. */
export class MetricsServer {
  readonly #server: Server;

  /** @param expose what is answered; rejected, the answer is 500 */
  constructor(expose: () => Promise<Exposition>) {
    this.#server = http.createServer(
      { keepAlive: false, headersTimeout: 5000, requestTimeout: 5000, maxHeaderSize: 8192 },
      (request, response) => void answer(request, response, expose),
    );
    this.#server.maxConnections = 32;
    // Being asked is no work: whoever else keeps the manager alive decides how long it lives.
    this.#server.unref();
  }

  /** @throws the error of listen, such as EADDRINUSE */
  async listen({ host, port }: MetricsAddress): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(port, host, resolve);
    await promise;
    this.#server.off('error', reject);
    // An accept that fails, as without descriptors, is that client's trouble.
    this.#server.on('error', () => {});
  }

  /** Resolves when the port is free. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  expose: () => Promise<Exposition>,
): Promise<void> {
  response.setHeader('connection', 'close');
  const refuse = (status: number, message: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
  };
  // A page of the web whose name now leads to this machine asks under that name.
  if (!isLoopback(hostnameOf(request.headers.host))) return refuse(403, 'Only this machine is served.');
  if (pathOf(request.url) !== '/metrics') return refuse(404, 'There is only /metrics.');
  if (request.method !== 'GET') {
    response.setHeader('allow', 'GET');
    return refuse(405, 'There is only GET.');
  }
  try {
    const { contentType, text } = await expose();
    const headers = { 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store' };
    response.writeHead(200, { 'content-type': contentType, ...headers }).end(text);
  } catch {
    refuse(500, 'The metrics cannot be told.');
  }
}

function hostnameOf(header: string | undefined): string {
  return /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(header ?? '')?.[1] ?? '';
}

function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}
