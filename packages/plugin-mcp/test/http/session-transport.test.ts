import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { SessionTransport } from '../../src/http/session-transport.ts';
import { clientsOf, readUntil } from '../support/http.ts';

const headers = { 'mcp-session-id': 'one' };
const note = (count: number) => ({ jsonrpc: '2.0', method: 'note', params: { count } }) as const;

/** A session that has begun, and a client of it. */
async function begin() {
  const transport = new SessionTransport({ sessionIdGenerator: () => 'one' });
  transport.onmessage = (message) => {
    if ('id' in message && 'method' in message) {
      void transport.send({ jsonrpc: '2.0', id: message.id as number, result: {} });
    }
  };
  const responses: ServerResponse[] = [];
  const server = createServer(async (request, response) => {
    responses.push(response);
    const body = request.method === 'POST' ? await json(request) : undefined;
    await transport.handleRequest(request, response, body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
  });
  const { send } = clientsOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, '');
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  await (await send({ body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }) })).text();
  return {
    transport,
    responses,
    open: (signal?: AbortSignal) => send({ method: 'GET', headers, ...(signal && { signal }) }),
  };
}

const countsIn = (text: string): number[] => [...text.matchAll(/"count":(\d+)/g)].map(([, count]) => Number(count));

test('each message waits once, and only the newest ones do', async () => {
  const { transport, open } = await begin();
  for (let count = 1; count <= 300; count += 1) await transport.send(note(count));
  await transport.send(note(200));
  const stream = await open();
  const counts = countsIn(await readUntil(stream, (text) => text.includes('"count":200}}')));
  expect(counts).toEqual([
    ...Array.from({ length: 256 }, (_, index) => index + 45).filter((count) => count !== 200),
    200,
  ]);
});

test('it goes on with the next stream when one has broken off', async () => {
  const { transport, responses, open } = await begin();
  const broken = new AbortController();
  const first = await open(broken.signal);
  await transport.send(note(1));
  await readUntil(first, (text) => text.includes('"count":1}}'));
  const closed = once(responses.at(-1) as ServerResponse, 'close');
  broken.abort();
  await closed;
  await transport.send(note(2));
  expect(countsIn(await readUntil(await open(), (text) => text.includes('"count":2}}')))).toEqual([2]);
});
