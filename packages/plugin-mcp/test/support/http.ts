import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { CommandPort } from '@promptbin/core';
import { onTestFinished } from 'vitest';
import { type HttpService, serveHttp } from '../../src/index.ts';
import { createScriptedPort } from '../fixtures/scripted-port.ts';
import { type Connection, connectBy, type Era } from './connect.ts';

export interface Served {
  readonly service: HttpService;
  readonly token: string;
  connect(era: Era): Promise<Connection>;
  /** A request with the token, and what else a client of the legacy era sends. */
  send(init?: RequestInit, path?: string): Promise<Response>;
}

/** A folder that is gone when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The real server on a free port, over a manager that does what a test says. */
export async function serve(port: CommandPort = createScriptedPort()): Promise<Served> {
  const tokenFile = join(await temporaryFolder(), 'token');
  const service = await serveHttp({ port, version: '1.2.3', http: { port: 0 }, tokenFile });
  onTestFinished(() => service.close());
  const token = (await readFile(tokenFile, 'utf8')).trim();
  return { service, token, ...clientsOf(service.url, token) };
}

export function clientsOf(url: string, token: string): Pick<Served, 'connect' | 'send'> {
  const authorization = `Bearer ${token}`;
  return {
    connect: (era) =>
      connectBy(era, new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization } } })),
    send: ({ headers, ...init } = {}, path = '/mcp') =>
      fetch(new URL(path, url), {
        method: 'POST',
        headers: {
          authorization,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(headers as Record<string, string>),
        },
        ...init,
      }),
  };
}

/** What has come of an answer when it passes. */
export async function readUntil({ body }: Response, passes: (text: string) => boolean): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (passes(text)) break;
  }
  return text;
}
