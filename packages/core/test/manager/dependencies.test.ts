import type { ManagerEvent, ProcessView } from '@promptbin/core';
import { createManager } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { linesOf, touch } from '../support/files.ts';
import { plugin, retries } from '../support/plugins.ts';
import { lineWith, phasesOf, testManager } from '../support/project.ts';

type Command = [string, ...string[]];

/** Appends its pid to `marks`, then does as told. */
const marking = (script: string): Command => ['sh', '-c', `echo $$ >> marks; ${script}`];
const waitFor = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;
const sleeping: Command = ['sleep', '60'];
const isHeld = ({ phase, cause }: ProcessView): boolean => phase === 'waiting' && cause?.code === 'dependencyDown';

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
});

describe('a process that is started without what it depends on', () => {
  const processes = {
    db: { command: ['sh', '-c', `echo db >> marks; exec sleep 60`] as Command },
    web: {
      command: ['sh', '-c', `echo web >> marks; echo up; exec sleep 60`] as Command,
      ready: { log: 'up' },
      dependsOn: ['db'],
    },
  };

  test('begins at once, and so again after a crash; what it depends on stays down', async () => {
    const { manager, root } = await testManager({ plugins: [retries(0)], processes });
    await manager.start(['web'], { dependencies: false });
    const web = manager.process('web');
    await web.until('ready');
    process.kill(web.view.pid ?? 0, 'SIGKILL');
    await web.until(({ generation, ready }) => generation === 2 && ready);
    expect(linesOf(root, 'marks')).toEqual(['web', 'web']);
    expect(manager.process('db').view.desired).toBe('down');
  });

  test('no longer waits for it, not after a restart either, until it is started as usual', async () => {
    const { manager, root } = await testManager({
      processes: { ...processes, db: { ...processes.db, ready: { log: 'never' } } },
    });
    await manager.start();
    const web = manager.process('web');
    await web.until('waiting');
    await web.start({ dependencies: false });
    await expect.poll(() => linesOf(root, 'marks').toSorted()).toEqual(['db', 'web']);
    await web.restart();
    expect(web.view).toMatchObject({ phase: 'running', generation: 2 });
    await web.stop();
    await manager.call('process.start', { name: 'web', wait: 'none' }, { caller: 'test' });
    await web.until('waiting');
    expect(web.view.waitingFor).toEqual(['db: not ready (starting)']);
  });
});

describe('a dependency that fails', () => {
  const job = (script: string, extra: object = {}) => ({
    kind: 'job' as const,
    command: ['sh', '-c', script] as Command,
    ...extra,
  });

  test('holds its dependants, even indirect ones, which say so and are never spawned; its success lets them in', async () => {
    const { manager, root, events } = await testManager({
      processes: {
        a: job('[ -e fixed ]'),
        b: { command: marking('exec sleep 60'), dependsOn: { a: 'completed' } },
        c: { command: marking('exec sleep 60'), dependsOn: ['b'] },
      },
    });
    await manager.start();
    const [b, c] = [manager.process('b'), manager.process('c')];
    await c.until(isHeld);
    expect(b.view).toMatchObject({
      phase: 'waiting',
      desired: 'up',
      waitingFor: ['a: failed (exited with code 1)'],
      cause: { code: 'dependencyDown', message: 'dependency "a" failed: exited with code 1' },
    });
    expect(c.view).toMatchObject({
      phase: 'waiting',
      waitingFor: ['b: not ready (waiting: dependency "a" failed: exited with code 1)'],
      cause: {
        code: 'dependencyDown',
        message: 'dependency "b" waits: dependency "a" failed: exited with code 1',
      },
    });
    expect(linesOf(root, 'marks')).toEqual([]);

    touch(root, 'fixed');
    await manager.process('a').start();
    const views = await Promise.all([b.until('ready'), c.until('ready')]);
    expect(views.map(({ cause, waitingFor }) => [cause, waitingFor])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    for (const name of ['b', 'c']) expect(phasesOf(events, name)).toEqual(['waiting', 'starting', 'running']);
  });

  test.each(['b', 'c'])(
    'is tried again when its dependant %s is started, which answers as soon as that was in vain',
    async (name) => {
      const { manager, root } = await testManager({
        processes: {
          a: job('echo x >> tries; [ -e fixed ]'),
          b: { command: sleeping, dependsOn: { a: 'completed' } },
          c: { command: sleeping, dependsOn: ['b'], autostart: false },
        },
      });
      await manager.start();
      await manager.process('b').until(isHeld);
      const process = manager.process(name);
      await expect(process.start()).rejects.toMatchObject({
        code: 'PB_START_FAILED',
        hint: 'It comes up by itself as soon as what it waits for does.',
        details: {
          phase: 'waiting',
          cause: { code: 'dependencyDown', message: expect.stringContaining('"a" failed') },
        },
      });
      await expect(process.restart()).rejects.toMatchObject({ code: 'PB_START_FAILED' });
      expect(linesOf(root, 'tries')).toHaveLength(3);
      touch(root, 'fixed');
      expect(await process.start()).toMatchObject({ ready: true });
    },
  );

  test('has its whole budget when a dependant is started, and so has that', async () => {
    const { manager, events } = await testManager({
      plugins: [retries(1)],
      processes: { a: job('exit 1'), b: { command: sleeping, dependsOn: { a: 'completed' } } },
    });
    const b = manager.process('b');
    for (const runs of [2, 4]) {
      await expect(b.start()).rejects.toMatchObject({ code: 'PB_START_FAILED' });
      expect(events.filter(({ type }) => type === 'process.spawned')).toHaveLength(runs);
    }
    const fresh = events.flatMap(({ type, data }) => (type === 'process.desired' && data.fresh ? [data.name] : []));
    expect(fresh).toEqual(['a', 'b', 'a', 'b']);
  });

  test('does not bring back a dependant that was stopped meanwhile', async () => {
    const { manager, root, events } = await testManager({
      processes: { a: job('[ -e fixed ]'), b: { command: marking('sleep 60'), dependsOn: { a: 'completed' } } },
    });
    await manager.start();
    await manager.process('b').until(isHeld);
    await manager.process('b').stop();
    touch(root, 'fixed');
    await manager.process('a').start();
    await manager.close();
    expect(linesOf(root, 'marks')).toEqual([]);
    expect(phasesOf(events, 'b')).toEqual(['waiting', 'stopped']);
  });

  test('holds one that crashes after it', async () => {
    const { manager, root } = await testManager({
      plugins: [retries(1)],
      processes: {
        a: { command: ['sh', '-c', `[ -e fixed ] || { ${waitFor('crash')}; exit 9; }; exec sleep 60`] },
        b: {
          command: ['sh', '-c', `[ -e fixed ] || { ${waitFor('crash-too')}; exit 1; }; exec sleep 60`],
          dependsOn: ['a'],
        },
      },
    });
    await manager.start();
    const [a, b] = [manager.process('a'), manager.process('b')];
    await b.until('ready');
    touch(root, 'crash');
    await a.until('failed');
    touch(root, 'crash-too');
    expect(await b.until(isHeld)).toMatchObject({ waitingFor: ['a: failed (exited with code 9)'], attempt: 1 });
    touch(root, 'fixed');
    await a.start();
    expect(await b.until('ready')).toMatchObject({ generation: 2 });
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

describe('a service that has ended by itself', () => {
  test('holds who needs it, and comes up when that is started', async () => {
    const { manager, root } = await testManager({
      processes: {
        a: {
          command: [
            'sh',
            '-c',
            `echo $$ >> runs; [ $(wc -l < runs) -gt 1 ] && exec sleep 60; ${waitFor('end')}`,
          ] as Command,
        },
        b: {
          command: ['sh', '-c', `[ $PROMPTBIN_RUN -gt 1 ] && exec sleep 60; ${waitFor('crash')}; exit 1`] as Command,
          dependsOn: ['a'],
        },
      },
      plugins: [retries(1)],
    });
    const [a, b] = [manager.process('a'), manager.process('b')];
    await b.start();
    touch(root, 'end');
    await a.until('completed');
    touch(root, 'crash');
    expect(await b.until(isHeld)).toMatchObject({
      waitingFor: ['a: completed'],
      cause: { message: 'dependency "a" has completed' },
    });
    expect(await b.start()).toMatchObject({ ready: true });
    expect(a.view).toMatchObject({ ready: true, generation: 2 });
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

  test('starts what does not depend on each other at the same time', async () => {
    // Each is ready only when the other has been started: one after the other they would wait for ever.
    const meeting = (mine: string, other: string): Command => [
      'sh',
      '-c',
      `touch ${mine}; ${waitFor(other)}; echo up; exec sleep 60`,
    ];
    const { manager } = await testManager({
      processes: {
        db: { command: sleeping },
        web: { command: meeting('web', 'worker'), ready: { log: 'up' }, dependsOn: ['db'] },
        worker: { command: meeting('worker', 'web'), ready: { log: 'up' }, dependsOn: ['db'] },
        proxy: { command: sleeping, dependsOn: ['web', 'worker'] },
      },
    });
    expect(await manager.process('proxy').start()).toMatchObject({ ready: true });
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

test('a dependency that goes down while another is waited for is waited for again', async () => {
  const { manager, root } = await testManager({
    processes: {
      a: { command: ['sh', '-c', `[ -e go ] || { ${waitFor('crash')}; exit 1; }; exec sleep 60`] },
      gate: { command: ['sh', '-c', `${waitFor('go')}; echo up; exec sleep 60`], ready: { log: 'up' } },
      b: { command: marking('exec sleep 60'), dependsOn: ['a', 'gate'] },
    },
  });
  await manager.start();
  const b = manager.process('b');
  await b.until(({ waitingFor }) => waitingFor?.length === 1);
  touch(root, 'crash');
  await b.until(({ waitingFor }) => waitingFor?.length === 2);
  touch(root, 'go');
  await manager.process('gate').until('ready');
  await b.until(({ waitingFor }) => waitingFor?.length === 1);
  expect(b.view).toMatchObject({
    phase: 'waiting',
    waitingFor: ['a: failed (exited with code 1)'],
  });
  await manager.process('a').start();
  const { pid } = await b.until('ready');
  expect(isAlive(pid as number)).toBe(true);
});

test('a dependency that goes down while the gates are asked is waited for again', async () => {
  const gates: (() => void)[] = [];
  const slowGate = plugin('slow-gate', (ctx) => {
    ctx.hooks.gate.tapPromise('slow', async ({ name }) => {
      if (name === 'b') await new Promise<void>((resolve) => void gates.push(resolve));
      return undefined;
    });
  });
  const { manager, root } = await testManager({
    plugins: [slowGate],
    processes: {
      a: { command: ['sh', '-c', `[ -e crash ] && exec sleep 60; echo looked; ${waitFor('crash')}; exit 1`] },
      b: { command: marking('exec sleep 60'), dependsOn: ['a'], port: 'auto', ready: { port: false } },
    },
  });
  await manager.start();
  await expect.poll(() => gates.length).toBe(1);
  // Else it may look only after the touch.
  await lineWith(manager.process('a'), 'looked');
  touch(root, 'crash');
  await manager.process('a').until('failed');
  gates[0]?.();
  const b = manager.process('b');
  await b.until(isHeld);
  expect(linesOf(root, 'marks')).toEqual([]);
  await manager.process('a').start();
  await expect.poll(() => gates.length).toBe(2);
  // What held it is no longer why it waits.
  expect(b.view.cause).toBeUndefined();
  gates[1]?.();
  expect(await b.until('ready')).toMatchObject({ generation: 1 });
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
