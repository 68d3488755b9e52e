import type { ManagerEvent } from '@promptbin/core';
import { createManager } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { linesOf, touch } from '../support/files.ts';
import { nextEvent, phasesOf, testManager } from '../support/project.ts';

type Command = [string, ...string[]];

/** Appends its pid to `marks`, then does as told. */
const marking = (script: string): Command => ['sh', '-c', `echo $$ >> marks; ${script}`];
const waitFor = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;
const sleeping: Command = ['sleep', '60'];

const seqOf = (events: readonly ManagerEvent[], test: (event: ManagerEvent) => boolean): number =>
  events.find(test)?.seq ?? Number.NaN;

describe('a dependant waits', () => {
  test('until its dependency is ready', async () => {
    const { manager, root, events } = await testManager({
      processes: {
        a: { command: ['sh', '-c', `${waitFor('go')}; echo up; exec sleep 60`], ready: { log: 'up' } },
        b: { command: marking('exec sleep 60'), dependsOn: ['a'] },
      },
    });
    await manager.start();
    await manager.process('a').until('starting');
    expect(manager.process('b').view).toMatchObject({ phase: 'waiting', waitingFor: ['a: not ready (starting)'] });
    touch(root, 'go');
    await manager.process('b').until('ready');
    const ready = seqOf(events, ({ type, data }) => type === 'process.condition' && data.name === 'a');
    const spawned = seqOf(events, ({ type, data }) => type === 'process.spawned' && data.name === 'b');
    expect(spawned).toBeGreaterThan(ready);
    expect(manager.process('b').view.waitingFor).toBeUndefined();
  });

  test('until its dependency has completed', async () => {
    const { manager, root, events } = await testManager({
      processes: {
        a: { kind: 'job', command: ['sh', '-c', waitFor('go')] },
        b: { command: sleeping, dependsOn: { a: 'completed' } },
      },
    });
    await manager.start();
    await manager.process('a').until('running');
    expect(manager.process('b').view.waitingFor).toEqual(['a: not completed (running)']);
    touch(root, 'go');
    await manager.process('b').until('ready');
    const exited = seqOf(events, ({ type, data }) => type === 'process.exited' && data.name === 'a');
    const spawned = seqOf(events, ({ type, data }) => type === 'process.spawned' && data.name === 'b');
    expect(spawned).toBeGreaterThan(exited);
  });

  test('no longer than until it is started, when that is all it asks for', async () => {
    const { manager } = await testManager({
      processes: {
        a: { command: sleeping, ready: { log: 'never' } },
        b: { command: sleeping, dependsOn: { a: 'started' } },
      },
    });
    await manager.start();
    await manager.process('b').until('ready');
    expect(manager.process('a').view.phase).toBe('starting');
  });

  test('for one that has been stopped, and goes on when that is back', async () => {
    const { manager } = await testManager({
      processes: { a: { command: sleeping }, b: { command: sleeping, dependsOn: ['a'] } },
    });
    const [a, b] = [manager.process('a'), manager.process('b')];
    await b.start();
    const before = b.view.pid;
    await a.stop();
    // What runs already goes on.
    expect(b.view).toMatchObject({ phase: 'running', pid: before });
    await b.stop();
    await manager.process('a').stop();
    await manager.start(['b']);
    await b.until('ready');
    expect(a.view.ready).toBe(true);
  });
});

describe('a dependency that fails', () => {
  const job = (script: string, extra: object = {}) => ({
    kind: 'job' as const,
    command: ['sh', '-c', script] as Command,
    ...extra,
  });

  test('keeps its dependants, even indirect ones, from ever being spawned; its success lets them in', async () => {
    const { manager, root, events } = await testManager({
      processes: {
        a: job('[ -e fixed ]'),
        b: { command: marking('exec sleep 60'), dependsOn: { a: 'completed' } },
        c: { command: marking('exec sleep 60'), dependsOn: ['b'] },
      },
    });
    await manager.start();
    await manager.process('c').until('failed');
    expect(manager.process('b').view.cause).toMatchObject({
      code: 'dependencyDown',
      message: 'dependency "a" failed: exited with code 1',
    });
    expect(manager.process('c').view.cause?.code).toBe('dependencyDown');
    expect(linesOf(root, 'marks')).toEqual([]);

    touch(root, 'fixed');
    await manager.process('a').start();
    await Promise.all([manager.process('b').until('ready'), manager.process('c').until('ready')]);
    expect(phasesOf(events, 'b')).toEqual(['waiting', 'failed', 'waiting', 'starting', 'running']);
  });

  test('is asked again when a dependant is started', async () => {
    const { manager, root } = await testManager({
      processes: { a: job('[ -e fixed ]'), b: { command: sleeping, dependsOn: { a: 'completed' } } },
    });
    await expect(manager.process('b').start()).rejects.toMatchObject({
      code: 'PB_START_FAILED',
      details: { cause: { code: 'dependencyDown' } },
    });
    touch(root, 'fixed');
    expect(await manager.process('b').start()).toMatchObject({ ready: true });
  });

  test('does not bring back a dependant that was stopped meanwhile', async () => {
    const { manager, root, events } = await testManager({
      processes: { a: job('[ -e fixed ]'), b: { command: marking('sleep 60'), dependsOn: { a: 'completed' } } },
    });
    await manager.start();
    await manager.process('b').until('failed');
    await manager.process('b').stop();
    touch(root, 'fixed');
    await manager.process('a').start();
    await manager.close();
    expect(linesOf(root, 'marks')).toEqual([]);
    expect(phasesOf(events, 'b')).toEqual(['waiting', 'failed', 'stopping', 'stopped']);
  });

  test('does not touch what runs already', async () => {
    const { manager, events } = await testManager({
      processes: {
        a: { command: ['sh', '-c', `${waitFor('crash')}; exit 1`] },
        b: { command: sleeping, dependsOn: ['a'] },
      },
    });
    const { root } = manager;
    const { pid } = await manager.process('b').start();
    touch(root, 'crash');
    await manager.process('a').until('failed');
    expect(manager.process('b').view).toMatchObject({ phase: 'running', pid });
    expect(phasesOf(events, 'b')).toEqual(['waiting', 'starting', 'running']);
  });
});

describe('starting something', () => {
  test('starts what it depends on, and leaves alone what runs or has completed', async () => {
    const { manager, root } = await testManager({
      processes: {
        setup: { kind: 'job', command: marking('true'), autostart: false },
        db: { command: sleeping, autostart: false },
        web: { command: sleeping, dependsOn: { setup: 'completed', db: 'ready' } },
        worker: { command: sleeping, dependsOn: { setup: 'completed', db: 'ready' } },
      },
    });
    await manager.process('web').start();
    const { pid, generation } = manager.process('db').view;
    await manager.process('worker').start();
    await manager.process('web').restart();
    await manager.start();
    expect(manager.process('db').view).toMatchObject({ pid, generation, phase: 'running' });
    expect(manager.process('setup').view).toMatchObject({ generation: 1, phase: 'completed' });
    expect(linesOf(root, 'marks')).toHaveLength(1);
  });

  test('twice is once', async () => {
    const { manager } = await testManager({ processes: { web: { command: sleeping } } });
    const web = manager.process('web');
    const views = await Promise.all([web.start(), web.start(), manager.start().then(() => web.start())]);
    expect(views.map(({ generation }) => generation)).toEqual([1, 1, 1]);
  });

  test('without autostart happens only by name', async () => {
    const { manager } = await testManager({
      processes: { web: { command: sleeping }, extra: { command: sleeping, autostart: false } },
    });
    await manager.start();
    await manager.process('web').until('ready');
    expect(manager.process('extra').view).toMatchObject({ phase: 'stopped', desired: 'down' });
    await manager.start(['extra']);
    await manager.process('extra').until('ready');
  });

  test('an unknown name is refused, with the known ones, and nothing is started', async () => {
    const { manager } = await testManager({ processes: { web: { command: sleeping }, db: { command: sleeping } } });
    await expect(manager.start(['db', 'wep'])).rejects.toMatchObject({
      code: 'PB_PROCESS_UNKNOWN',
      message: 'There is no process "wep".',
      hint: 'Did you mean "web"? Known: web, db.',
    });
    expect(manager.processes().map(({ phase }) => phase)).toEqual(['stopped', 'stopped']);
  });
});

test('commands for one that waits are all taken at once and end in a single run', async () => {
  const { manager, root, events } = await testManager({
    processes: {
      a: { command: ['sh', '-c', `${waitFor('go')}; echo up; exec sleep 60`], ready: { log: 'up' } },
      b: { command: marking('echo up; exec sleep 60'), ready: { log: 'up' }, dependsOn: ['a'] },
    },
  });
  const b = manager.process('b');
  await manager.start();
  await manager.process('a').until('starting');
  const first = b.restart().catch((fault: Error) => fault.message);
  const receipt = await b.stop();
  expect(receipt.signalled).toEqual([]);
  expect(await first).toContain('b is stopped');
  const second = b.start();
  expect(manager.process('a').view.phase).toBe('starting');
  touch(root, 'go');
  const view = await second;
  expect(linesOf(root, 'marks')).toEqual([String(view.pid)]);
  expect(view).toMatchObject({ phase: 'running', ready: true, generation: 1, restarts: 0 });
  expect(phasesOf(events, 'b')).toEqual(['waiting', 'stopped', 'waiting', 'starting', 'running']);
});

test('a dependency that goes down while it is waited for is waited for again', async () => {
  const { manager, root } = await testManager({
    processes: {
      a: { command: sleeping },
      gate: { command: ['sh', '-c', `${waitFor('go')}; echo up; exec sleep 60`], ready: { log: 'up' } },
      b: { command: marking('exec sleep 60'), dependsOn: ['a', 'gate'] },
    },
  });
  await manager.start();
  await manager.process('a').until('ready');
  const told = nextEvent(manager, ({ type, data }) => type === 'process.waiting' && data.waitingFor.length === 2);
  await manager.process('a').stop();
  await told;
  touch(root, 'go');
  await manager.process('gate').until('ready');
  expect(manager.process('b').view).toMatchObject({ phase: 'waiting', waitingFor: ['a: not ready (stopped)'] });
  await manager.process('a').start();
  const { pid } = await manager.process('b').until('ready');
  expect(isAlive(pid as number)).toBe(true);
});

test.each([
  ['a cycle', { a: ['b'], b: ['a'] }, 'a → b → a'],
  ['itself', { a: ['a'] }, 'itself'],
  ['something that is not there', { a: ['nobody'] }, 'nobody'],
])('depending on %s is refused with the path before anything runs', async (_, graph, text) => {
  const processes = Object.fromEntries(
    Object.entries(graph).map(([name, dependsOn]) => [name, { command: sleeping, dependsOn }]),
  );
  await expect(createManager({ processes }, { root: '/nonexistent' })).rejects.toMatchObject({
    code: 'PB_CONFIG_INVALID',
    message: expect.stringContaining(text),
  });
});
