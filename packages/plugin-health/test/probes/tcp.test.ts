import { once } from 'node:events';
import { expect, it } from 'vitest';
import { TcpProbe } from '../../src/probes/tcp.ts';
import { serve } from '../serve.ts';
import { attempt, failureOf, subjectOf } from './subject.ts';

it('is good when a connection is accepted, and closes it', async () => {
  await using server = await serve(() => {});
  await attempt(new TcpProbe({ kind: 'tcp' }, subjectOf({ url: server.origin, port: server.port })));
  await Promise.all([...server.sockets].map((socket) => once(socket, 'close')));
  expect(server.asked).toEqual([]);
});

it('takes another port and host', async () => {
  await using server = await serve(() => {});
  const means = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const;
  await attempt(new TcpProbe(means, subjectOf({ url: 'http://127.0.0.2:1', port: 1 })));
});

it('names a refused connection', async () => {
  const server = await serve(() => {});
  await server[Symbol.asyncDispose]();
  const { port, origin } = server;
  const failure = await failureOf(attempt(new TcpProbe({ kind: 'tcp' }, subjectOf({ url: origin, port }))));
  expect(failure.message).toBe(`tcp 127.0.0.1:${port}: connection refused`);
});

it('takes no connection from a stranger', async () => {
  await using server = await serve(() => {});
  const { port, origin: url } = server;
  const subject = subjectOf({ url, port, listener: async () => ({ kind: 'stranger', pid: 9 }) });
  const failure = await failureOf(attempt(new TcpProbe({ kind: 'tcp' }, subject)));
  expect(failure.message).toBe(`port ${port} is held by pid 9, not by web`);
});

it('rejects with the reason when it is called off', async () => {
  const off = AbortSignal.abort(new Error('called off'));
  await expect(attempt(new TcpProbe({ kind: 'tcp' }, subjectOf({ port: 1 })), 1000, off)).rejects.toThrow('called off');
});
