import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manager } from '@promptbin/core';
import { expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { fixture } from '../support/files.ts';
import { ask, load } from '../support/load.ts';
import { nextEvent, phasesOf, type TestManager, testManager } from '../support/project.ts';

const web = {
  port: { handoff: true, overlap: true },
  ready: { log: 'serving', timeout: '2s' },
} as const;

/** A manager whose process is up; `next` says how its next run fares. */
async function deployed() {
  const made = await testManager({ processes: {} });
  const file = join(made.root, 'next');
  const config = {
    processes: { web: { ...web, command: [process.execPath, fixture('deploy.mjs'), file] as [string, ...string[]] } },
  };
  await made.manager.reload(config);
  const view = await made.manager.process('web').until('ready');
  const next = (how: 'good' | 'broken' | 'stuck'): Promise<void> =>
    how === 'good' ? rm(file, { force: true }) : writeFile(file, how);
  return { ...made, config, view, next, port: view.port ?? 0, process: made.manager.process('web') };
}

const stopped = (manager: Manager, generation: number) =>
  nextEvent(
    manager,
    ({ type, data }) => type === 'process.stopped' && 'generation' in data && data.generation === generation,
  );
const spawns = ({ events }: Pick<TestManager, 'events'>) =>
  events.flatMap((event) => (event.type === 'process.spawned' ? [event.data] : []));

/** A connection that has not sent its request yet is closed by Node when its server ends. */
function expectBoth(counts: Readonly<Record<string, number>>): void {
  expect(
    Object.keys(counts)
      .filter((how) => how !== 'ECONNRESET')
      .sort(),
  ).toEqual(['1', '2']);
}

test('a restart begins the new run while the old one serves, and ends that when the new one is ready', async () => {
  const { manager, events, process, view, port } = await deployed();
  const old = stopped(manager, 1);
  const under = load(port);
  const after = await process.restart();
  expect(after).toMatchObject({ generation: 2, restarts: 1, port, ready: true });
  expect(after.cause).toBeUndefined();
  expect(after.pid).not.toBe(view.pid);
  expect(await old).toMatchObject({ data: { signalled: [view.pid], killed: [], escaped: [] } });
  expect(isAlive(view.pid ?? 0)).toBe(false);
  expectBoth(await under.end());
  expect(spawns({ events })[1]).toMatchObject({ generation: 2, beside: view.pid });
  expect(phasesOf(events, 'web').slice(-4)).toEqual(['stopping', 'waiting', 'starting', 'running']);
  // The end of the old run is no news of the new one.
  expect(process.view).toMatchObject({ phase: 'running', pid: after.pid, ready: true });
});

test.each([
  ['broken', /^the run that was to replace it has failed: .*a bad deploy/],
  ['stuck', /^the run that was to replace it has failed: not ready after 2 s/],
] as const)('when the new one is %s, the old one goes on, and the restart says so', async (how, message) => {
  const { manager, events, process, view, next, port } = await deployed();
  await next(how);
  const under = load(port);
  const restart = await manager.call('process.restart', { name: 'web' }, { caller: 'test' });
  const told = expect.stringMatching(
    /^web was not restarted: the run that was to replace it has failed: .*; web is ready at /,
  );
  expect(restart).toMatchObject({
    ok: false,
    error: { code: 'PB_START_FAILED', message: told },
    value: { met: false, summary: told },
  });
  expect(process.view).toMatchObject({ phase: 'running', ready: true, pid: view.pid, port, generation: 3 });
  expect(process.view.cause?.message).toMatch(message);
  expect(Object.keys(await under.end())).not.toContain('ECONNREFUSED');
  expect(spawns({ events }).at(-1)).toMatchObject({ generation: 3, pid: view.pid, back: true });
  expect(await ask(port)).toBe('1');
  // It is up: nothing has to be started.
  expect(await process.start()).toMatchObject({ pid: view.pid });

  await next('good');
  const old = stopped(manager, 3);
  expect(await process.restart()).toMatchObject({ generation: 4, ready: true });
  await old;
  expect(process.view.cause).toBeUndefined();
  expect(await ask(port)).toBe('4');
});

test('a stop in the middle ends both, and says so', async () => {
  const { manager, process, view, next, port } = await deployed();
  await next('stuck');
  const spawned = nextEvent(manager, ({ type }) => type === 'process.spawned');
  const restarted = process.restart().catch(() => undefined);
  const { pid } = (await spawned).data as { pid: number };
  expect([isAlive(pid), isAlive(view.pid ?? 0)]).toEqual([true, true]);
  const { signalled, escaped, portsFreed } = await process.stop();
  expect({ signalled: signalled.toSorted(), escaped, portsFreed }).toEqual({
    signalled: [pid, view.pid].toSorted(),
    escaped: [],
    portsFreed: [port],
  });
  await restarted;
  expect([isAlive(pid), isAlive(view.pid ?? 0)]).toEqual([false, false]);
  expect(process.view.phase).toBe('stopped');
});

test('a manager that closes in the middle leaves neither', async () => {
  const { manager, process, view, next } = await deployed();
  await next('stuck');
  const spawned = nextEvent(manager, ({ type }) => type === 'process.spawned');
  const restarted = process.restart().catch(() => undefined);
  const { pid } = (await spawned).data as { pid: number };
  expect(await manager.close()).toMatchObject({ unstopped: [] });
  await restarted;
  expect([isAlive(pid), isAlive(view.pid ?? 0)]).toEqual([false, false]);
});

test('restarts at once, and another one in the middle, end in one run', async () => {
  const { manager, process, port } = await deployed();
  const first = process.restart();
  await nextEvent(manager, ({ type }) => type === 'process.spawned');
  await Promise.all([first, process.restart(), process.restart()]);
  expect(process.view).toMatchObject({ phase: 'running', ready: true });
  await expect.poll(() => ask(port)).toBe(String(process.view.generation));
  expect(await process.stop()).toMatchObject({ escaped: [] });
});

test('the old one may end by itself meanwhile', async () => {
  const { manager, process, view, port } = await deployed();
  const spawned = nextEvent(manager, ({ type }) => type === 'process.spawned');
  const restarted = process.restart();
  await spawned;
  globalThis.process.kill(view.pid ?? Number.NaN, 'SIGKILL');
  expect(await restarted).toMatchObject({ generation: 2, ready: true });
  expect(await ask(port)).toBe('2');
});

test('a reload begins beside it with the new settings', async () => {
  const { manager, process, view, config, port } = await deployed();
  const old = stopped(manager, 1);
  const under = load(port);
  await manager.reload({ processes: { web: { ...config.processes.web, env: { COLOR: 'red' } } } });
  const after = await process.until(({ ready, generation }) => ready && generation === 2);
  await old;
  expect(after.pid).not.toBe(view.pid);
  expect(process.surroundings().env.COLOR).toBe('red');
  expectBoth(await under.end());
});

test('one that cannot even begin changes nothing', async () => {
  const { manager, process, view, config, port } = await deployed();
  const back = nextEvent(manager, ({ type, data }) => type === 'process.spawned' && 'back' in data);
  await manager.reload({ processes: { web: { ...config.processes.web, command: 'server-of-nobody' } } });
  await back;
  expect(process.view).toMatchObject({
    phase: 'running',
    pid: view.pid,
    generation: 2,
    cause: { code: 'commandNotFound', message: expect.stringContaining('the run that was to replace it has failed') },
  });
  expect(await ask(port)).toBe('1');
});

test('it needs a socket that both are handed', async () => {
  await expect(
    testManager({ processes: { web: { ...web, command: 'true', port: { overlap: true } } } }),
  ).rejects.toThrow(/processes\.web\.port\.overlap is true, but two runs can have one port only by a socket/);
});
