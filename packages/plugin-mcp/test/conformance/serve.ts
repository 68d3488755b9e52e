import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Config, createManager } from '@promptbin/core';
import { onTestFinished } from 'vitest';
import { serveHttp } from '../../src/http/serve.ts';
import { temporaryFolder } from '../support/http.ts';
import { extend } from './extend.ts';
import { extra, fixtures } from './plugin.ts';

/**
 * The real server, with its guards, over a real manager that has the fixtures of the suite. The suite knows of no token: what
 * it sends is passed on as it is, with the token added. Gives the URL for it.
 */
export async function serveFixtures(): Promise<string> {
  const root = await temporaryFolder();
  let isExtra = false;
  const plugin = fixtures(() => {
    isExtra = !isExtra;
    return manager.reload(config());
  });
  const config = (): Config => ({ plugins: [plugin, ...(isExtra ? [extra] : [])], processes: {} });
  const manager = await createManager(config(), { root, log: false });
  onTestFinished(async () => void (await manager.close()));
  const tokenFile = join(root, 'token');
  const service = await serveHttp({ port: manager, version: '1.2.3', http: { port: 0 }, tokenFile }, { extend });
  onTestFinished(() => service.close());
  return addToken(service.url, (await readFile(tokenFile, 'utf8')).trim());
}

async function addToken(url: string, token: string): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` };
    const passed = request(url, { method: incoming.method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers).flushHeaders();
      response.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}
