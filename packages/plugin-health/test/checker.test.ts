import type { Listener } from '@promptbin/core';
import { systemClock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { Checker } from '../src/checker.ts';
import type { Check } from '../src/plan.ts';
import { type Served, serve } from './serve.ts';

const never = new AbortController().signal;
const check: Check = { http: { path: '/' }, timeoutMs: 10_000, retries: 0, initialDelayMs: 0 };

/** A checker whose port is held by what `listeners` say, one answer for each look; the last one stays. */
function checkerOf(server: Served, listeners: readonly Listener[]): { checker: Checker; looks: () => number } {
  let looks = 0;
  const listener = async (): Promise<Listener> => {
    looks++;
    return listeners[looks - 1] ?? listeners.at(-1) ?? { kind: 'unknown' };
  };
  const network = { listener, tree: async () => [] };
  const subject = { name: 'web', port: server.port, origin: server.origin, network, clock: systemClock };
  return { checker: new Checker(subject), looks: () => looks };
}

describe('checker', () => {
  it.each(['ours', 'unknown'] as const)('takes an answer when the listener is %s', async (kind) => {
    await using server = await serve((_, response) => response.end());
    const { checker } = checkerOf(server, [{ kind, pid: 1 } as Listener]);
    expect(await checker.run(check, never)).toBeUndefined();
    expect(server.asked).toEqual(['/']);
  });

  it('does not even ask a stranger, and names it', async () => {
    await using server = await serve((_, response) => response.end());
    const { checker } = checkerOf(server, [{ kind: 'stranger', pid: 99, command: 'python3 srv.py' }]);
    const failure = await checker.run(check, never);
    expect(failure?.message).toBe(`port ${server.port} is held by pid 99 (python3 srv.py), not by web`);
    expect(server.asked).toEqual([]);
  });

  it('says that nothing listens', async () => {
    await using server = await serve((_, response) => response.end());
    const { checker } = checkerOf(server, [{ kind: 'nobody' }]);
    expect((await checker.run(check, never))?.message).toBe(`nothing listens on port ${server.port}`);
  });

  it('looks who listens until a check has passed, and again after each failure', async () => {
    let status = 200;
    await using server = await serve((_, response) => response.writeHead(status).end());
    const { checker, looks } = checkerOf(server, [{ kind: 'ours', pid: 1 }]);
    for (let round = 0; round < 3; round++) await checker.run(check, never);
    expect(looks()).toBe(1);
    status = 503;
    expect((await checker.run(check, never))?.brief).toBe('HTTP 503');
    expect(looks()).toBe(1);
    await checker.run(check, never);
    status = 200;
    await checker.run(check, never);
    expect(looks()).toBe(3);
    await checker.run(check, never);
    expect(looks()).toBe(3);
  });

  it('tries again at once, and finds the stranger behind a bad answer', async () => {
    let status = 200;
    await using server = await serve((_, response) => response.writeHead(status).end());
    const { checker } = checkerOf(server, [{ kind: 'ours', pid: 1 }, { kind: 'stranger' }]);
    await checker.run({ ...check, retries: 1 }, never);
    status = 404;
    const failure = await checker.run({ ...check, retries: 1 }, never);
    expect(failure?.brief).toBe(`port ${server.port} is held by another process`);
    expect(server.asked).toHaveLength(2);
  });

  it('passes when a retry does', async () => {
    let left = 2;
    await using server = await serve((_, response) => response.writeHead(left-- > 0 ? 500 : 200).end());
    const { checker } = checkerOf(server, [{ kind: 'ours', pid: 1 }]);
    expect(await checker.run({ ...check, retries: 2 }, never)).toBeUndefined();
    expect(server.asked).toHaveLength(3);
  });

  it('does not try again what has used up the timeout', async () => {
    await using server = await serve(() => {});
    const { checker } = checkerOf(server, [{ kind: 'ours', pid: 1 }]);
    const failure = await checker.run({ ...check, retries: 10, timeoutMs: 100 }, never);
    expect(failure?.brief).toBe('no answer within 0.1 s');
    expect(server.asked).toHaveLength(1);
  });

  it('takes a fault of the look-up for a failed check', async () => {
    await using server = await serve((_, response) => response.end());
    const network = { listener: () => Promise.reject(new Error('EMFILE')), tree: async () => [] };
    const subject = { name: 'web', port: server.port, origin: server.origin, network, clock: systemClock };
    expect((await new Checker(subject).run(check, never))?.message).toBe('the check itself failed: EMFILE');
  });
});
