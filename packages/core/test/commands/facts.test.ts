import type { Cause, Listener, NetworkService, ProcessView } from '@promptbin/core';
import { expect, test } from 'vitest';
import { findFact } from '../../src/commands/facts.ts';

const view = (facts: Partial<ProcessView>): ProcessView => ({ name: 'web', phase: 'failed', ...facts }) as ProcessView;
const because = (facts: Partial<Cause>): Cause => ({ code: 'portInUse', message: 'boom', evidence: [], ...facts });

function network(listener: Listener, trees: Readonly<Record<string, readonly number[]>> = {}): NetworkService {
  return {
    listener: async () => listener,
    holder: async () => undefined,
    tree: async (name) => trees[name] ?? [],
    locate: async () => undefined,
  };
}

test.each([
  [{ orphaned: true }, 'End what another manager has left with "promptbin doctor --fix".'],
  [{}, 'Stop pid 7, which has port 5000, or give this process another one.'],
] as const)('a port that is held by what another manager has started, %j: how to end it', async (life, hint) => {
  const command = '/usr/local/bin/python3.14 /srv/app.py';
  const child = { process: 'web', run: 3, ...life };
  const stranger: Listener = { kind: 'stranger', pid: 7, command, child };
  const fact = await findFact(view({ port: 5000 }), because({}), { network: network(stranger), views: [] });
  expect(fact).toEqual({
    text: 'port 5000 is held by pid 7 (python3.14 /srv/app.py)',
    hint,
    child: { pid: 7, ...child },
  });
});

test('a port that is held by another program: which one', async () => {
  const stranger: Listener = { kind: 'stranger', pid: 7, command: `nc -l 5000 ${'x'.repeat(1000)}` };
  const fact = await findFact(view({ port: 5000 }), because({}), { network: network(stranger), views: [] });
  expect(fact?.text).toMatch(/^port 5000 is held by pid 7 \(nc -l 5000 x+…\)$/);
  expect(fact?.text.length).toBeLessThan(200);
  expect(fact?.hint).toBe('Stop pid 7, which has port 5000, or give this process another one.');
  expect(fact?.next).toBeUndefined();
});

test('a port that is held by a process of this manager: explain that one', async () => {
  const views = [view({}), view({ name: 'old', phase: 'running', pid: 6 })];
  const listener: Listener = { kind: 'stranger', pid: 7, command: 'python app.py' };
  expect(
    await findFact(view({}), because({ port: 5000 }), { network: network(listener, { old: [6, 7] }), views }),
  ).toEqual({
    text: 'port 5000 is held by "old" of this manager: pid 7 (python app.py)',
    hint: 'Give this process another port: "old" has 5000.',
    next: { command: 'process.explain', input: { name: 'old' } },
  });
});

test.each([
  [{ kind: 'nobody' }, 'port 5000 is free now'],
  [{ kind: 'stranger' }, 'port 5000 is held by a program of another user'],
  [{ kind: 'unknown' }, undefined],
  [{ kind: 'ours', pid: 1, host: '::1' }, undefined],
] as const)('of a listener %o is told: %s', async (listener, text) => {
  const fact = await findFact(view({}), because({ port: 5000 }), { network: network(listener), views: [] });
  expect(fact?.text).toBe(text);
});

test('a server that cannot be reached may be a process of this manager', async () => {
  const db = view({ name: 'db', phase: 'stopped', port: 5432 });
  const sources = { network: network({ kind: 'nobody' }), views: [view({}), db] };
  expect(await findFact(view({}), because({ code: 'unreachable', port: 5432 }), sources)).toEqual({
    text: 'port 5432 is that of "db": db is stopped',
    hint: 'Bring up "db" first, and name it in `dependsOn`.',
    next: { command: 'process.start', input: { name: 'db' } },
  });
  expect(await findFact(view({}), because({ code: 'unreachable', port: 6379 }), sources)).toBeUndefined();
});

test('nothing is looked up for what has nothing to do with a port', async () => {
  const never: NetworkService = {
    ...network({ kind: 'nobody' }),
    listener: () => Promise.reject(new Error('was asked')),
  };
  const sources = { network: never, views: [] };
  expect(await findFact(view({ port: 5000 }), because({ code: 'exception' }), sources)).toBeUndefined();
  expect(await findFact(view({}), because({}), sources)).toBeUndefined();
});
