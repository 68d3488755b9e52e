import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { doors, type Way } from './doors.ts';

/** One message of a server, as it came. */
export interface Reply {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A client that sends what it likes. */
export interface RawClient {
  /** Sends text as it is. Over HTTP it gives what was answered; over stdio answers come by their id. */
  write(text: string): Promise<readonly Reply[]>;
  /** Sends a request, and gives the answer to it. */
  request(method: string, params?: object): Promise<Reply>;
}

const initialize = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
};
const messageOf = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });

/** After the handshake, over stdin and stdout. */
export async function rawStdio(
  folder: string,
): Promise<RawClient & { readonly child: ChildProcess; readonly lines: string[] }> {
  const way = (await doors.stdio(folder)) as Extract<Way, { kind: 'stdio' }>;
  const child = spawn(way.command, way.args, { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const failing = new Set<(fault: Error) => void>();
  const waiting = new Map<unknown, (reply: Reply) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    // What is none of the protocol is for the test to find among the lines.
    if (!line.startsWith('{')) return;
    const reply = JSON.parse(line) as Reply;
    waiting.get(reply.id)?.(reply);
  });
  child.once('exit', () => {
    for (const fail of failing) fail(new Error('the server has ended'));
  });
  let id = 0;
  const client = {
    child,
    lines,
    async write(text: string) {
      child.stdin.write(`${text}\n`);
      return [];
    },
    request(method: string, params: object = {}) {
      id += 1;
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      waiting.set(id, resolve);
      failing.add(reject);
      child.stdin.write(`${messageOf({ id, method, params })}\n`);
      return promise;
    },
  };
  await client.request('initialize', initialize);
  await client.write(messageOf({ method: 'notifications/initialized' }));
  return client;
}

/** After the handshake, over HTTP. */
export async function rawHttp(folder: string): Promise<RawClient> {
  const { url, requestInit } = (await doors.HTTP(folder)) as Extract<Way, { kind: 'http' }>;
  const headers: Record<string, string> = {
    ...(requestInit?.headers as Record<string, string>),
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const write = async (body: string): Promise<readonly Reply[]> => {
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    headers['mcp-session-id'] ??= response.headers.get('mcp-session-id') ?? '';
    if (text === '') return [];
    if (response.headers.get('content-type')?.startsWith('application/json')) return [JSON.parse(text)].flat();
    return [...text.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => JSON.parse(data) as Reply);
  };
  let id = 0;
  const request = async (method: string, params: object = {}): Promise<Reply> => {
    id += 1;
    const replies = await write(messageOf({ id, method, params }));
    return replies.find((reply) => reply.id === id) ?? replies[0] ?? {};
  };
  await request('initialize', initialize);
  await write(messageOf({ method: 'notifications/initialized' }));
  return { write, request };
}
