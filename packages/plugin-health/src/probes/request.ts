import { readFile } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent, RequestOptions } from 'node:https';
import { http } from '../http.ts';
import type { HttpMeans, TlsMeans } from './means.ts';
import { CheckFailure } from './probe.ts';

/** At most so much of an answer is read. */
export const bodyLimitBytes: number = 64 * 1024;

// Without keep-alive: a probe leaves no idle connection behind, and each one proves that the app still accepts.
const httpAgent = new http.Agent({ keepAlive: false });
let httpsAgent: HttpsAgent | undefined;

export interface Answer extends Disposable {
  readonly status: number;
  readonly location: string | undefined;
  /** The text, or undefined when it is over the limit; rejects when the connection ends before it. */
  body(): Promise<string | undefined>;
}

/** What TLS needs besides the means. */
export interface Trust extends Omit<TlsMeans, 'ca'> {
  /** PEM. */
  readonly ca?: Buffer | undefined;
}

/** @throws CheckFailure when the file of the authorities cannot be read */
export async function readTrust({ ca, ...rest }: TlsMeans): Promise<Trust> {
  if (ca === undefined) return rest;
  try {
    return { ...rest, ca: await readFile(ca) };
  } catch (fault) {
    throw new CheckFailure('no "ca"', `the file "ca" cannot be read: ${(fault as Error).message}`);
  }
}

/** Sends one request. Disposing of the answer closes the connection. @throws the fault of the connection */
export function send(
  url: URL,
  { method, headers, body }: Pick<HttpMeans, 'method' | 'headers' | 'body'>,
  trust: Trust | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { method, signal, headers: { 'user-agent': 'promptbin-health', ...headers } };
  const request: ClientRequest =
    trust === undefined
      ? http.request(url, { ...options, agent: httpAgent })
      : requestByTls(url, {
          ...options,
          rejectUnauthorized: trust.verify,
          ...(trust.ca !== undefined && { ca: trust.ca }),
          ...(trust.servername !== undefined && { servername: trust.servername }),
        });
  request.on('response', (message) => resolve(answerOf(message)));
  // Also after the answer has begun: without a listener it would end the manager.
  request.on('error', reject);
  // Such as one that wants another protocol.
  request.on('close', () => reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })));
  request.end(body);
  return promise;
}

/** TLS is loaded when it is needed: most managers never do. */
function requestByTls(url: URL, options: RequestOptions): ClientRequest {
  const { Agent, request } = process.getBuiltinModule('node:https');
  httpsAgent ??= new Agent({ keepAlive: false, maxCachedSessions: 0 });
  return request(url, { ...options, agent: httpsAgent });
}

function answerOf(message: IncomingMessage): Answer {
  message.on('error', () => undefined);
  return {
    status: message.statusCode ?? 0,
    location: message.headers.location,
    body: () => read(message),
    [Symbol.dispose]: () => void message.destroy(),
  };
}

async function read(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the connection.
    if (bytes > bodyLimitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
