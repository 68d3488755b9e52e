import { once } from 'node:events';
import { systemClock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { CheckFailure, request } from '../src/http.ts';
import type { Check } from '../src/plan.ts';
import { serve } from './serve.ts';

const never = new AbortController().signal;

function check(http: Partial<Check['http']> = {}, timeoutMs = 10_000): Check {
  return { http: { path: '/health', ...http }, timeoutMs, retries: 0, initialDelayMs: 0 };
}

async function failureOf(asked: Promise<void>): Promise<CheckFailure> {
  const fault = await asked.then(
    () => new Error('it passed'),
    (reason: unknown) => reason,
  );
  if (fault instanceof CheckFailure) return fault;
  throw fault;
}

describe('request', () => {
  it('takes any 2xx, unless told which', async () => {
    await using server = await serve((_, response) => response.writeHead(204).end());
    await request(check(), server.origin, systemClock, never);
    const failure = await failureOf(request(check({ status: [200, 401] }), server.origin, systemClock, never));
    expect(failure.brief).toBe('HTTP 204');
    expect(failure.message).toBe(`GET ${server.origin}/health answered 204`);
  });

  it('takes a status that it was told', async () => {
    await using server = await serve((_, response) => response.writeHead(401).end());
    await request(check({ status: [200, 401] }), server.origin, systemClock, never);
    const failure = await failureOf(request(check(), server.origin, systemClock, never));
    expect(failure.brief).toBe('HTTP 401');
  });

  it('follows no redirect', async () => {
    await using server = await serve((_, response) => response.writeHead(302, { location: '/login' }).end());
    const failure = await failureOf(request(check(), server.origin, systemClock, never));
    expect(failure.message).toBe(`GET ${server.origin}/health answered 302, a redirect to /login that is not followed`);
    expect(server.asked).toEqual(['/health']);
  });

  it('compares what the JSON must hold, and only that', async () => {
    await using server = await serve((_, response) => response.end('{"status":"degraded","checks":[1],"uptime":3}'));
    await request(check({ json: { status: 'degraded', checks: [1] } }), server.origin, systemClock, never);
    const other = await failureOf(request(check({ json: { status: 'healthy' } }), server.origin, systemClock, never));
    expect(other.message).toBe(`GET ${server.origin}/health answered status "degraded", expected "healthy"`);
    const missing = await failureOf(request(check({ json: { mode: 'x' } }), server.origin, systemClock, never));
    expect(missing.brief).toBe('mode missing');
  });

  it.each(['<html>', 'null', ''])('says that %j is no JSON object', async (body) => {
    await using server = await serve((_, response) => response.end(body));
    const failure = await failureOf(request(check({ json: { a: 1 } }), server.origin, systemClock, never));
    expect(failure.brief).toBe('no JSON object');
  });

  it('reads 64 KiB and no more', async () => {
    const flood = Buffer.alloc(16 * 1024, 'x');
    await using server = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(flood));
        response.once('drain', more);
      };
      more();
    });
    await request(check(), server.origin, systemClock, never);
    const failure = await failureOf(request(check({ json: { a: 1 } }), server.origin, systemClock, never));
    expect(failure.message).toContain('no JSON object of at most 64 KiB');
  });

  it.each([
    ['silent', () => {}],
    ['unfinished', (_: unknown, response: { write(text: string): void }) => response.write('half')],
  ])('gives up on a %s answer after the timeout', async (_, answer) => {
    await using server = await serve(answer as never);
    const failure = await failureOf(request(check({}, 100), server.origin, systemClock, never));
    expect(failure.brief).toBe('no answer within 0.1 s');
    expect(failure.message).toBe(`GET ${server.origin}/health: no answer within 0.1 s`);
  });

  it('names a refused connection', async () => {
    const server = await serve(() => {});
    await server[Symbol.asyncDispose]();
    const failure = await failureOf(request(check(), server.origin, systemClock, never));
    expect(failure.brief).toBe('connection refused');
  });

  it('names a connection that is closed without an answer', async () => {
    await using server = await serve((request_) => request_.socket.destroy());
    const failure = await failureOf(request(check(), server.origin, systemClock, never));
    expect(failure.brief).toBe('connection closed without an answer');
  });

  it('rejects with the reason when it is called off', async () => {
    const off = new AbortController();
    await using server = await serve(() => off.abort(new Error('called off')));
    await expect(request(check(), server.origin, systemClock, off.signal)).rejects.toThrow('called off');
  });

  it('leaves no connection behind', async () => {
    const headers: unknown[] = [];
    await using server = await serve((message, response) => {
      headers.push(message.headers.connection);
      response.end('ok');
    });
    for (let round = 0; round < 5; round++) await request(check(), server.origin, systemClock, never);
    await Promise.all([...server.sockets].map((socket) => once(socket, 'close')));
    expect(headers).toEqual(Array(5).fill('close'));
  });
});
