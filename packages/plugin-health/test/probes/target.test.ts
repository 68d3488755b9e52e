import type { Listener } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { HttpProbe } from '../../src/probes/http.ts';
import type { HttpMeans } from '../../src/probes/means.ts';
import { serve } from '../serve.ts';
import { type Around, attempt, failureOf, subjectOf } from './subject.ts';

const means: HttpMeans = { kind: 'http', path: '/', method: 'GET', headers: {}, status: [{ from: 200, to: 299 }] };
const ours: Listener = { kind: 'ours', pid: 1 };

function probeOf(around: Around, told: Partial<HttpMeans> = {}): HttpProbe {
  return new HttpProbe({ ...means, ...told }, subjectOf(around));
}

describe('who listens', () => {
  it.each(['ours', 'unknown'] as const)('may be %s', async (kind) => {
    await using server = await serve((_, response) => response.end());
    await attempt(probeOf({ url: server.origin, port: server.port, listener: async () => ({ kind, pid: 1 }) }));
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
    const failure = await failureOf(attempt(probeOf({ port: 5000, listener: async () => ({ kind: 'nobody' }) })));
    expect(failure.message).toBe('nothing listens on port 5000');
  });

  it('is looked up until a check has passed, and again after each failure', async () => {
    let [status, looks] = [200, 0];
    await using server = await serve((_, response) => response.writeHead(status).end());
    const listener = async (): Promise<Listener> => {
      looks++;
      return ours;
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
    const listener = async (asked: number): Promise<Listener> => (asked === port ? ours : { kind: 'nobody' });
    await attempt(probeOf({ url: 'http://127.0.0.1:1', port: 1, listener, locate: () => ({ url, port, found: 'x' }) }));
    expect(server.asked).toEqual(['/']);
  });

  it('is asked there when only its address is another one', async () => {
    await using server = await serve((_, response) => response.end());
    // A listener of ours on the port, and a connection that is refused: it is bound to another address.
    const { port } = server;
    const url = `http://127.0.0.2:${port}`;
    await attempt(probeOf({ url, port, locate: () => ({ url: server.origin, found: 'listens on 127.0.0.1' }) }));
    expect(server.asked).toEqual(['/']);
  });

  it('is only told of when the port is strict', async () => {
    const found = 'listens on port 5001, not on 5000 as it was told';
    const listener = async (): Promise<Listener> => ({ kind: 'nobody' });
    const failure = await failureOf(attempt(probeOf({ port: 5000, listener, locate: () => ({ found }) })));
    expect(failure.message).toBe(`nothing listens on port 5000; web ${found}`);
    expect(failure.brief).toBe('nothing listens on port 5000');
  });

  it('is not searched for when it was told where to ask', async () => {
    let searches = 0;
    const locate = () => {
      searches++;
      return {};
    };
    const listener = async (): Promise<Listener> => ({ kind: 'nobody' });
    const failure = await failureOf(attempt(probeOf({ port: 5000, listener, locate }, { port: 9000 })));
    expect(failure.brief).toBe('nothing listens on port 9000');
    expect(searches).toBe(0);
  });
});

it('says that there is no port', async () => {
  const failure = await failureOf(attempt(probeOf({})));
  expect(failure.message).toBe('there is no port to check: give web a "port", or one to "health"');
  expect(failure.isFinal).toBe(true);
});
