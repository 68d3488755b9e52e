import { Agent, get, type IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@promptbin/core';
import type { Check } from './plan.ts';

/** A check that did not pass. `brief` says so in a few words, `message` in a sentence. */
export class CheckFailure extends Error {
  readonly brief: string;
  constructor(brief: string, message: string) {
    super(message);
    this.brief = brief;
  }
}

const bodyLimitBytes = 64 * 1024;

// Without keep-alive: a probe leaves no idle connection behind, and each one proves that the app still accepts.
const agent = new Agent({ keepAlive: false });

/**
 * Resolves at a good answer. Redirects are not followed: where they lead is not the process that is checked.
 *
 * @throws CheckFailure; the reason of `signal` when that aborts
 */
export async function request(check: Check, origin: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const url = `${origin}${check.http.path}`;
  const late = new AbortController();
  const timer = clock.after(check.timeoutMs, () => late.abort());
  try {
    const answer = await send(url, AbortSignal.any([signal, late.signal]));
    judge(check.http, url, answer.status, answer.location, await answer.body());
  } catch (fault) {
    signal.throwIfAborted();
    if (fault instanceof CheckFailure) throw fault;
    const brief = late.signal.aborted ? `no answer within ${check.timeoutMs / 1000} s` : describeFault(fault);
    throw new CheckFailure(brief, `GET ${url}: ${brief}`);
  } finally {
    timer[Symbol.dispose]();
  }
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  /** The text, or undefined when it is over the limit. */
  body(): Promise<string | undefined>;
}

function send(url: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { agent, signal, headers: { 'user-agent': 'promptbin-health' } }, (message) =>
      resolve({
        status: message.statusCode ?? 0,
        location: message.headers.location,
        body: () => read(message),
      }),
    ).once('error', reject);
  });
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

function judge(
  expected: Check['http'],
  url: string,
  status: number,
  location: string | undefined,
  body: string | undefined,
): void {
  const isGood = expected.status?.includes(status) ?? (status >= 200 && status < 300);
  if (!isGood) {
    const redirect = location === undefined ? '' : `, a redirect to ${location} that is not followed`;
    throw new CheckFailure(`HTTP ${status}`, `GET ${url} answered ${status}${redirect}`);
  }
  if (expected.json === undefined) return;
  const answer = parseObject(body);
  if (answer === undefined) {
    throw new CheckFailure(
      'no JSON object',
      `GET ${url} answered no JSON object of at most ${bodyLimitBytes / 1024} KiB`,
    );
  }
  for (const [key, value] of Object.entries(expected.json)) {
    if (isDeepStrictEqual(answer[key], value)) continue;
    const brief = `${key} ${JSON.stringify(answer[key]) ?? 'missing'}`;
    throw new CheckFailure(brief, `GET ${url} answered ${brief}, expected ${JSON.stringify(value)}`);
  }
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function describeFault(fault: unknown): string {
  const { code, message } = fault as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ECONNRESET') return 'connection closed without an answer';
  return message;
}
