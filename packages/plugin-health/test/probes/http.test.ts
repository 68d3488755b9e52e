import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import type { HttpFields } from '../../src/probes/fields.ts';
import { HttpProbe } from '../../src/probes/http.ts';
import { meansShape } from '../../src/probes/settings.ts';
import { type Served, serve } from '../serve.ts';
import { attempt, failureOf, subjectOf } from './subject.ts';

function probeOf({ origin, port }: Pick<Served, 'origin' | 'port'>, fields: HttpFields = '/health'): HttpProbe {
  const means = meansShape.http.parse(fields);
  if (means === undefined) throw new Error('no means');
  return new HttpProbe(means, subjectOf({ url: origin, port }));
}

/** A server that speaks no HTTP by itself. */
async function serveRaw(
  talk: (socket: Socket) => void,
): Promise<{ port: number; origin: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    talk(socket);
    // Who does not read hears of no end.
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, origin: `http://127.0.0.1:${port}`, sockets };
}

const noneLeft = (sockets: ReadonlySet<Socket>) => expect.poll(() => sockets.size).toBe(0);

describe('status', () => {
  it('may be any 2xx, unless told which', async () => {
    await using server = await serve((_, response) => response.writeHead(204).end());
    await attempt(probeOf(server));
    const failure = await failureOf(attempt(probeOf(server, { path: '/health', status: [200, 401] })));
    expect(failure.brief).toBe('HTTP 204');
    expect(failure.message).toBe(`GET ${server.origin}/health answered 204`);
  });

  it.each([401, '400-403', [200, '400-401']] as const)('may be what %j says', async (status) => {
    await using server = await serve((_, response) => response.writeHead(401).end());
    await attempt(probeOf(server, { path: '/', status }));
    expect((await failureOf(attempt(probeOf(server)))).brief).toBe('HTTP 401');
  });
});

describe('request', () => {
  it('has the method, the headers and the body that it was told', async () => {
    let heard: unknown;
    await using server = await serve(async (message, response) => {
      let body = '';
      for await (const chunk of message) body += chunk;
      heard = [message.method, message.url, message.headers['x-token'], body];
      response.end();
    });
    await attempt(probeOf(server, { path: '/q?a=1', method: 'POST', headers: { 'X-Token': 's3cret' }, body: 'hello' }));
    expect(heard).toEqual(['POST', '/q?a=1', 's3cret', 'hello']);
  });

  it('shows neither headers nor a query when it fails', async () => {
    await using server = await serve((_, response) => response.writeHead(302, { location: '/login?key=s3cret' }).end());
    const fields = { path: '/health?token=s3cret', headers: { authorization: 'Bearer s3cret' } };
    const failure = await failureOf(attempt(probeOf(server, fields)));
    expect(failure.message).toBe(
      `GET ${server.origin}/login?… answered 302, a redirect to ${server.origin}/login?… that is not followed`,
    );
  });

  it('goes to another host when it was told one', async () => {
    await using server = await serve((_, response) => response.end());
    const elsewhere = { origin: 'http://127.0.0.2:1', port: server.port };
    await attempt(probeOf(elsewhere, { path: '/', host: '127.0.0.1' }));
    expect(server.asked).toEqual(['/']);
  });
});

describe('redirect', () => {
  it('is followed on the same origin', async () => {
    await using server = await serve(({ url }, response) => {
      if (url === '/health') response.writeHead(301, { location: '/health/' });
      response.end();
    });
    await attempt(probeOf(server));
    expect(server.asked).toEqual(['/health', '/health/']);
  });

  it.each([303, 307])('%i repeats the method as HTTP says', async (status) => {
    const methods: unknown[] = [];
    await using server = await serve(({ url, method }, response) => {
      methods.push(method);
      if (url === '/first') response.writeHead(status, { location: '/second' });
      response.end();
    });
    await attempt(probeOf(server, { path: '/first', method: 'POST', body: 'x' }));
    expect(methods).toEqual(['POST', status === 303 ? 'GET' : 'POST']);
  });

  it('is not followed off the origin, and named', async () => {
    await using other = await serve((_, response) => response.end());
    await using server = await serve((_, response) =>
      response.writeHead(302, { location: `${other.origin}/login` }).end(),
    );
    const failure = await failureOf(attempt(probeOf(server)));
    expect(failure.message).toBe(
      `GET ${server.origin}/health answered 302, a redirect to ${other.origin}/login that is not followed`,
    );
    expect(other.asked).toEqual([]);
    await attempt(probeOf(server, { path: '/', status: '300-399' }));
  });

  it('is followed five times', async () => {
    await using server = await serve(({ url = '/0' }, response) =>
      response.writeHead(302, { location: `/${Number(url.slice(1)) + 1}` }).end(),
    );
    const failure = await failureOf(attempt(probeOf(server, '/0')));
    expect(failure.message).toContain('/5 answered 302, a redirect to');
    expect(server.asked).toHaveLength(6);
  });
});

describe('JSON', () => {
  it('must hold what it was told, and only that', async () => {
    await using server = await serve((_, response) =>
      response.end('{"status":"starting","checks":[{"db":"up","ms":3}],"uptime":3}'),
    );
    await attempt(probeOf(server, { path: '/', json: { checks: [{ db: 'up' }] } }));
    const failure = await failureOf(attempt(probeOf(server, { path: '/', json: { status: 'healthy' } })));
    expect(failure.brief).toBe('status "starting"');
    expect(failure.message).toBe(`GET ${server.origin}/ answered status "starting", expected "healthy"`);
    const deep = await failureOf(attempt(probeOf(server, { path: '/', json: { checks: [{ db: 'down' }] } })));
    expect(deep.brief).toBe('checks[0].db "up"');
  });

  it('may be judged by a schema', async () => {
    await using server = await serve((_, response) => response.end('{"db":{"state":"down"}}'));
    const schema = (state: string) => z.object({ db: z.object({ state: z.literal(state) }) });
    await attempt(probeOf(server, { path: '/', json: schema('down') }));
    const failure = await failureOf(attempt(probeOf(server, { path: '/', json: schema('up') })));
    expect(failure.message).toContain('/ answered db.state "down", Invalid input: expected "up"');
  });

  it.each(['<html>', 'null', '', '[1'])('is missed in %j', async (body) => {
    await using server = await serve((_, response) => response.end(body));
    const failure = await failureOf(attempt(probeOf(server, { path: '/', json: { a: 1 } })));
    expect(failure.brief).toBe('no JSON object');
  });

  it('is not waited for longer than the timeout when the schema hangs', async () => {
    await using server = await serve((_, response) => response.end('{}'));
    const schema = { '~standard': { version: 1, validate: () => new Promise<never>(() => {}) } } as const;
    const failure = await failureOf(attempt(probeOf(server, { path: '/', json: schema }), 200));
    expect(failure.brief).toBe('no answer within 0.2 s');
  });
});

describe('an answer that never ends', () => {
  it('is read up to 64 KiB', async () => {
    const flood = Buffer.alloc(16 * 1024, 'x');
    await using server = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(flood));
        response.once('drain', more);
      };
      more();
    });
    await attempt(probeOf(server));
    const failure = await failureOf(attempt(probeOf(server, { path: '/', json: { a: 1 } })));
    expect(failure.message).toContain('no JSON object of at most 64 KiB');
    await noneLeft(server.sockets);
  });

  it.each([
    ['silent', () => {}],
    ['unfinished', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')],
    ['half a header', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-')],
  ])('and is %s is given up after the timeout', async (_, talk) => {
    const server = await serveRaw(talk);
    const failure = await failureOf(attempt(probeOf(server), 200));
    expect(failure.message).toBe(`GET ${server.origin}/health: no answer within 0.2 s`);
    await noneLeft(server.sockets);
  });

  it('and drips is given up after the timeout', async () => {
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(drip));
    });
    expect((await failureOf(attempt(probeOf(server), 300))).brief).toBe('no answer within 0.3 s');
    await noneLeft(server.sockets);
  });
});

describe('what is no good answer', () => {
  it('may be HTTP/1.0, which is one', async () => {
    const server = await serveRaw(
      (socket) => void socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nfine')),
    );
    await attempt(probeOf(server));
    await noneLeft(server.sockets);
  });

  it.each([
    ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n', /^no answer by HTTP: /],
    ['too many headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`, /^headers over 16 KiB$/],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', /^connection closed/],
  ])('may be %s', async (_, text, brief) => {
    const server = await serveRaw((socket) => void socket.once('data', () => socket.write(text)));
    expect((await failureOf(attempt(probeOf(server)))).brief).toMatch(brief);
    await noneLeft(server.sockets);
  });

  it.each([
    ['without an answer', ''],
    ['in the middle of one', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'],
  ])('may be a connection that is closed %s', async (_, text) => {
    const server = await serveRaw((socket) => void socket.once('data', () => socket.end(text)));
    expect((await failureOf(attempt(probeOf(server)))).brief).toBe('connection closed without an answer');
    await noneLeft(server.sockets);
  });

  it('may be a refused connection', async () => {
    const server = await serve(() => {});
    await server[Symbol.asyncDispose]();
    expect((await failureOf(attempt(probeOf(server)))).message).toBe(`GET ${server.origin}/health: connection refused`);
  });
});

it('rejects with the reason when it is called off, and leaves no connection', async () => {
  const off = new AbortController();
  await using server = await serve(() => off.abort(new Error('called off')));
  await expect(attempt(probeOf(server), 20_000, off.signal)).rejects.toThrow('called off');
  await noneLeft(server.sockets);
  await expect(attempt(probeOf(server), 20_000, off.signal)).rejects.toThrow('called off');
  expect(server.asked).toHaveLength(1);
});

it('leaves no connection behind after good answers and bad ones', async () => {
  const headers: IncomingHttpHeaders['connection'][] = [];
  let status = 200;
  await using server = await serve((message, response) => {
    headers.push(message.headers.connection);
    response.writeHead(status).end('x'.repeat(100_000));
  });
  const probe = probeOf(server);
  for (let round = 0; round < 5; round++) await attempt(probe);
  status = 500;
  for (let round = 0; round < 5; round++) await failureOf(attempt(probe));
  expect(headers).toEqual(Array(10).fill('close'));
  await noneLeft(server.sockets);
});

it('asks by IPv6 where the process listens there', async () => {
  const server = createServer((_, response) => response.end());
  server.listen(0, '::1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await attempt(probeOf({ origin: `http://[::1]:${port}`, port }));
});
