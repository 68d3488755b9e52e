import type { Listener } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { HttpProbe } from '../../src/probes/http.ts';
import type { HttpMeans } from '../../src/probes/means.ts';
import { serve } from '../serve.ts';
import { type Around, attempt, failureOf, subjectOf } from './subject.ts';

const means: HttpMeans = { kind: 'http', path: '/', method: 'GET', headers: {}, status: [{ from: 200, to: 299 }] };
const ours: Listener = { kind: 'ours', pid: 1, host: '127.0.0.1' };
const nobody: Listener = { kind: 'nobody' };

function probeOf(around: Around, told: Partial<HttpMeans> = {}): HttpProbe {
  return new HttpProbe({ ...means, ...told }, subjectOf(around));
}

describe('who listens', () => {
  it.each<Listener>([ours, { kind: 'unknown' }])('may be $kind', async (found) => {
    await using server = await serve((_, response) => response.end());
    await attempt(probeOf({ url: server.origin, port: server.port, listener: async () => found }));
    expect(server.asked).toEqual(['/']);
  });

  it('is named, and not even asked, when it is a stranger', async () => {
    await using server = await serve((_, response) => response.end());
    const listener = async (): Promise<Listener> => ({ kind: 'stranger', pid: 99, command: 'python3 srv.py' });
    const failure = await failureOf(attempt(probeOf({ url: server.origin, port: server.port, listener })));
    expect(failure.message).toBe(`port ${server.port} is held by pid 99 (python3 srv.py), not by web`);
    expect(server.asked).toEqual([]);
  });

  it('may be nobody', async () => {
    const failure = await failureOf(attempt(probeOf({ port: 5000, listener: async () => nobody })));
    expect(failure.message).toBe('nothing listens on 127.0.0.1:5000');
  });

  it('is looked up before each check, at the address that is asked', async () => {
    const looks: unknown[] = [];
    await using server = await serve((_, response) => response.end());
    const { origin: url, port } = server;
    const listener = async (...asked: unknown[]): Promise<Listener> => (looks.push(asked) === 3 ? nobody : ours);
    const probe = probeOf({ url, port, listener });
    for (let round = 0; round < 2; round++) await attempt(probe);
    const failure = await failureOf(attempt(probe));
    expect(failure.message).toBe(`nothing listens on 127.0.0.1:${port}`);
    expect(looks).toEqual(Array.from({ length: 3 }, () => [port, '127.0.0.1']));
    expect(server.asked).toHaveLength(2);
  });

  it('is looked up until a check has passed, and again after each failure, where the platform does not tell', async () => {
    let [status, looks] = [200, 0];
    await using server = await serve((_, response) => response.writeHead(status).end());
    const listener = async (): Promise<Listener> => {
      looks++;
      return { kind: 'unknown' };
    };
    const probe = probeOf({ url: server.origin, port: server.port, listener });
    for (let round = 0; round < 3; round++) await attempt(probe);
    expect(looks).toBe(1);
    status = 503;
    await failureOf(attempt(probe));
    expect(looks).toBe(1);
    await failureOf(attempt(probe));
    status = 200;
    await attempt(probe);
    expect(looks).toBe(3);
    await attempt(probe);
    expect(looks).toBe(3);
  });

  it('cannot be looked up at a host without an address', async () => {
    const fault = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere'), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
    });
    const probe = probeOf({ port: 5000, listener: () => Promise.reject(fault) }, { host: 'nowhere' });
    expect((await failureOf(attempt(probe))).message).toBe('nowhere: host not found');
  });

  it('is not waited for longer than the timeout', async () => {
    const failure = await failureOf(attempt(probeOf({ port: 5000, listener: () => new Promise(() => {}) }), 100));
    expect(failure.brief).toBe('no answer within 0.1 s');
  });

  it('is a fault when it cannot be looked up', async () => {
    const listener = () => Promise.reject(new Error('EMFILE'));
    await expect(attempt(probeOf({ port: 5000, listener }))).rejects.toThrow('EMFILE');
  });
});

describe('a process that listens elsewhere', () => {
  it('is asked there', async () => {
    await using server = await serve((_, response) => response.end());
    const { origin: url, port } = server;
    const listener = async (asked: number): Promise<Listener> => (asked === port ? ours : nobody);
    await attempt(probeOf({ url: 'http://127.0.0.1:1', port: 1, listener, locate: () => ({ url, port, found: 'x' }) }));
    expect(server.asked).toEqual(['/']);
  });

  it('is asked there when only its address is another one', async () => {
    await using server = await serve((_, response) => response.end());
    const { port } = server;
    const url = `http://127.0.0.2:${port}`;
    const listener = async (_: number, host?: string): Promise<Listener> => (host === '127.0.0.1' ? ours : nobody);
    const locate = () => ({ url: server.origin, found: 'listens on 127.0.0.1' });
    await attempt(probeOf({ url, port, listener, locate }));
    expect(server.asked).toEqual(['/']);
  });

  it('is asked where its own socket is when it was told the port alone', async () => {
    await using server = await serve((_, response) => response.end());
    const { port } = server;
    const stranger: Listener = { kind: 'stranger', pid: 9 };
    const listener = async (_: number, host?: string): Promise<Listener> => (host === '127.0.0.2' ? stranger : ours);
    await attempt(probeOf({ url: 'http://127.0.0.2:1', port: 1, listener }, { port }));
    expect(server.asked).toEqual(['/']);
  });

  it('is only told of when the port is strict', async () => {
    const found = 'listens on port 5001, not on 5000 as it was told';
    const listener = async () => nobody;
    const failure = await failureOf(attempt(probeOf({ port: 5000, listener, locate: () => ({ found }) })));
    expect(failure.message).toBe(`nothing listens on 127.0.0.1:5000; web ${found}`);
    expect(failure.brief).toBe('nothing listens on 127.0.0.1:5000');
  });

  it('is not searched for when it was told where to ask', async () => {
    let searches = 0;
    const locate = () => {
      searches++;
      return {};
    };
    const listener = async () => nobody;
    const failure = await failureOf(attempt(probeOf({ port: 5000, listener, locate }, { port: 9000 })));
    expect(failure.brief).toBe('nothing listens on 127.0.0.1:9000');
    expect(searches).toBe(0);
  });
});

it('says that there is no port', async () => {
  const failure = await failureOf(attempt(probeOf({})));
  expect(failure.message).toBe('there is no port to check: give web a "port", or one to "health"');
  expect(failure.isFinal).toBe(true);
});
