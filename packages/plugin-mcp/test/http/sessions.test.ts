import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandPort } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { createMcpHttpHandler } from '../../src/index.ts';
import { createScriptedPort } from '../fixtures/scripted-port.ts';
import { eras } from '../support/connect.ts';
import { clientsOf, readUntil, serve } from '../support/http.ts';

const message = (method: string, params: object = {}, id?: number): string =>
  JSON.stringify({ jsonrpc: '2.0', method, params, ...(id === undefined ? {} : { id }) });
const initialize = message(
  'initialize',
  { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  1,
);
const list = message('tools/list', {}, 2);

/** The handler alone, with limits of its own. `clients` counts those that are there, `following` those that follow the events. */
async function handle(
  limits: { mostSessions?: number; idleMs?: number; stallMs?: number } = {},
  scripted: CommandPort = createScriptedPort(),
) {
  const counted = { clients: 0, most: 0, following: 0 };
  const port: CommandPort = {
    ...scripted,
    async *subscribe(options) {
      counted.following += 1;
      try {
        yield* scripted.subscribe(options);
      } finally {
        counted.following -= 1;
      }
    },
  };
  const handler = await createMcpHttpHandler({
    port,
    version: '1.2.3',
    ...limits,
    join() {
      counted.clients += 1;
      counted.most = Math.max(counted.most, counted.clients);
      return {
        [Symbol.dispose]() {
          counted.clients -= 1;
        },
      };
    },
  });
  /** Streams that the server has not ended. */
  const open: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      open.push(response);
      response.once('close', () => open.splice(open.indexOf(response), 1));
    }
    void handler.handle(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await handler.close();
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return { handler, counted, open, url, ...clientsOf(url, '') };
}

async function begin({ send }: Pick<Awaited<ReturnType<typeof handle>>, 'send'>): Promise<Record<string, string>> {
  const response = await send({ body: initialize });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('"protocolVersion":"2025-11-25"');
  return { 'mcp-session-id': response.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': '2025-11-25' };
}

test('a session ends by DELETE, and with it all that was done for it', async () => {
  const served = await handle();
  const { send, counted } = served;
  const headers = await begin(served);
  expect((await send({ headers, body: message('notifications/initialized') })).status).toBe(202);
  expect(await (await send({ headers, body: list })).text()).toContain('read_logs');
  const stream = await send({ method: 'GET', headers });
  expect(stream.status).toBe(200);
  // One for the session, one for all who have none.
  await expect.poll(() => counted).toMatchObject({ clients: 1, following: 2 });
  expect((await send({ method: 'DELETE', headers })).status).toBe(200);
  expect(await stream.text()).toBe('');
  await expect.poll(() => counted).toMatchObject({ clients: 0, following: 1 });
  expect((await send({ headers, body: list })).status).toBe(404);
});

test('there are no more sessions than there may be, and one that ends makes room', async () => {
  const served = await handle({ mostSessions: 2 });
  const [first, second] = [await begin(served), await begin(served)];
  for (const headers of [first, second]) expect((await served.send({ method: 'GET', headers })).status).toBe(200);
  const refused = await served.send({ body: initialize });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('60');
  expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('2 sessions already') } });
  await served.send({ method: 'DELETE', headers: first });
  await begin(served);
});

test('where there is no room, the session that has been idle for longest makes some', async () => {
  const served = await handle({ mostSessions: 3 });
  const [first, second, third] = [await begin(served), await begin(served), await begin(served)];
  await served.send({ method: 'GET', headers: first });
  await (await served.send({ headers: second, body: list })).text();
  await begin(served);
  const statuses: number[] = [];
  for (const headers of [first, second, third]) statuses.push((await served.send({ headers, body: list })).status);
  expect(statuses).toEqual([200, 200, 404]);
});

test('a crowd that begins at once gets no more sessions than there may be', async () => {
  const { send, counted } = await handle({ mostSessions: 5 });
  const answers = await Promise.all(Array.from({ length: 40 }, () => send({ body: initialize })));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
  expect(counted).toMatchObject({ clients: 5, most: 5 });
});

test('what is no proper handshake leaves no session', async () => {
  const served = await handle({ mostSessions: 1 });
  const { send, counted } = served;
  expect((await send({ headers: { accept: 'text/html' }, body: initialize })).status).toBe(406);
  expect((await send({ body: list })).status).toBe(400);
  expect((await send({ method: 'GET' })).status).toBe(400);
  expect((await send({ headers: { 'mcp-session-id': 'made-up' }, body: list })).status).toBe(404);
  expect(counted.clients).toBe(0);
  await begin(served);
});

test('a session that is idle ends; one with an open stream does not', async () => {
  const served = await handle({ idleMs: 100 });
  const { send, counted } = served;
  const idle = await begin(served);
  const open = await begin(served);
  const stop = new AbortController();
  await send({ method: 'GET', headers: open, signal: stop.signal });
  await expect.poll(() => counted.clients).toBe(1);
  expect((await send({ headers: idle, body: list })).status).toBe(404);
  expect((await send({ headers: open, body: list })).status).toBe(200);
  stop.abort();
  await expect.poll(() => counted.clients).toBe(0);
});

test('a client whose stream has broken off gets another one at once', async () => {
  const served = await handle();
  const headers = await begin(served);
  for (let count = 0; count < 3; count += 1) {
    const stop = new AbortController();
    await expect
      .poll(async () => (await served.send({ method: 'GET', headers, signal: stop.signal })).status, {
        timeout: 10_000,
      })
      .toBe(200);
    stop.abort();
  }
});

test('what is pushed while no stream is open waits for one', async () => {
  const served = await handle();
  const headers = await begin(served);
  await served.send({ headers, body: message('notifications/initialized') });
  const call = async (method: string, params: object): Promise<void> => {
    await (await served.send({ headers, body: message(method, params, 3) })).text();
  };
  const restart = (reason: string): Promise<void> =>
    call('tools/call', { name: 'restart_process', arguments: { name: 'web', reason } });
  await call('resources/subscribe', { uri: 'promptbin://processes/web' });
  await expect.poll(() => served.counted.following).toBe(2);
  await restart('burst');
  await restart('fail');
  const stream = await served.send({ method: 'GET', headers });
  const told = await readUntil(
    stream,
    (text) => text.includes('"level":"error"') && text.includes('resources/updated'),
  );
  expect(told).toContain('promptbin://processes/web');
});

test('a client without a session is there while it asks and listens, and for a while longer', async () => {
  const { connect, counted } = await handle({ idleMs: 100 });
  const { client } = await connect('modern');
  expect(counted.clients).toBe(1);
  const subscription = await client.listen({ toolsListChanged: true });
  await subscription.close();
  await expect.poll(() => counted.clients).toBe(0);
  await client.listTools();
  expect(counted.clients).toBe(1);
  await client.close();
});

/** States an event of 100 kB every 20 ms. */
function talkative(): CommandPort {
  return {
    ...createScriptedPort(),
    async *subscribe({ signal } = {}) {
      const data = { why: 'x'.repeat(100_000) };
      for (let seq = 1; !signal?.aborted; seq += 1) {
        yield { seq, at: 0, type: 'manager.closing', data };
        await sleep(20);
      }
    },
  };
}

test('a reader that does not read is disconnected, and the others go on', async () => {
  const served = await handle({ stallMs: 3000 }, talkative());
  const listening = async (): Promise<IncomingMessage> => {
    const headers = await begin(served);
    await served.send({ headers, body: message('notifications/initialized') });
    await (await served.send({ headers, body: message('logging/setLevel', { level: 'info' }, 2) })).text();
    const [response] = await once(
      get(served.url, { headers: { ...headers, accept: 'text/event-stream' }, agent: false }),
      'response',
    );
    return response;
  };
  const stuck = await listening();
  stuck.pause().on('error', () => {});
  const reader = await listening();
  let read = 0;
  reader.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  stuck.socket.pause();
  await expect.poll(() => served.open.length, { timeout: 40_000 }).toBe(1);
  const before = read;
  await expect.poll(() => read).toBeGreaterThan(before + 1_000_000);
  reader.destroy();
  stuck.destroy();
});

test('all streams end when the server does', async () => {
  const { service, connect, send } = await serve();
  const modern = await connect('modern');
  await modern.client.listen({ toolsListChanged: true });
  const headers = await begin({ send });
  const stream = await send({ method: 'GET', headers });
  const slow = modern.tool('start_process', { name: 'slow' }).catch((fault: unknown) => fault);
  await service.close();
  expect(await stream.text()).toBe('');
  expect(await slow).toBeInstanceOf(Error);
  await expect(send({ body: list })).rejects.toThrow();
});

test('a client that breaks off while it sends harms nobody', async () => {
  const { url, ...served } = await handle();
  const { port } = new URL(url);
  const socket = connectSocket(Number(port), '127.0.0.1');
  socket.write(
    'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"json',
  );
  await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  await begin(served);
});

test.each(eras)(
  'who is still waiting when it ends is refused, and not left without an answer, in the %s era',
  async (era) => {
    const called = Promise.withResolvers<void>();
    const scripted = createScriptedPort();
    const { service, connect } = await serve({
      ...scripted,
      call(name, input, options) {
        if (name !== 'process.restart') return scripted.call(name, input, options);
        called.resolve();
        return new Promise((_, reject) =>
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
        );
      },
    });
    await using connection = await connect(era);
    const answered = connection.tool('restart_process', { name: 'web' });
    await called.promise;
    await service.close();
    expect(await answered).toMatchObject({ isError: true, facts: { error: { code: 'PB_MANAGER_GONE' } } });
  },
);
