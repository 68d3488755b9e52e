import type { ManagerEvent, PluginContext, StopResult } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { linesOf, touch } from '../support/files.ts';
import { plugin, retries } from '../support/plugins.ts';
import { phasesOf, testManager } from '../support/project.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

type Command = [string, ...string[]];

const sleeping: Command = ['sleep', '60'];
const waitFor = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;
/** Ends some time after the signal, and says so in `ends`. */
const ending = (name: string, before = 'true'): Command => [
  'sh',
  '-c',
  `trap '${before}; echo ${name} >> ends; exit 0' TERM; echo up; while :; do sleep 0.02; done`,
];
const up = { ready: { log: 'up' } };

/** `web stopping`, `db stopped`, … in the order in which it happened. */
const steps = (events: readonly ManagerEvent[]): string[] =>
  events.flatMap(({ type, data }) =>
    type === 'process.phase' && (data.to === 'stopping' || data.to === 'stopped') ? [`${data.name} ${data.to}`] : [],
  );

describe('stopping', () => {
  test('ends what depends on it first, and tells so', async () => {
    const { manager, root, events } = await testManager({
      processes: {
        db: { command: ending('db'), ...up },
        web: { command: ending('web', 'sleep 0.3'), ...up, dependsOn: ['db'] },
        other: { command: sleeping },
      },
    });
    const [db, web] = [manager.process('db'), manager.process('web')];
    const other = await manager.process('other').start();
    const { pid } = await web.start();
    const answer = await manager.call('process.stop', { name: 'db' }, { caller: 'cli' });
    const { summary, receipt, phase } = (answer as { value: StopResult }).value;
    expect(linesOf(root, 'ends')).toEqual(['web', 'db']);
    expect(steps(events)).toEqual(['web stopping', 'web stopped', 'db stopping', 'db stopped']);
    expect(phase).toBe('stopped');
    expect(receipt).toMatchObject({
      name: 'db',
      escaped: [],
      dependants: [{ name: 'web', signalled: expect.arrayContaining([pid]), escaped: [] }],
    });
    expect(summary).toMatch(/^db is stopped after \d+ ms; web was stopped first$/);
    expect(web.view).toMatchObject({
      desired: 'down',
      cause: { code: 'requested', message: 'db is being stopped (stop requested by cli)' },
    });
    expect(manager.process('other').view).toMatchObject({ pid: other.pid, phase: 'running' });

    // What was stopped with it does not come back with it; what it needs does.
    await db.start();
    expect(web.view).toMatchObject({ phase: 'stopped', generation: 1 });
    await db.stop();
    expect(await web.start()).toMatchObject({ ready: true, generation: 2 });
    expect(db.view).toMatchObject({ ready: true, generation: 3 });
  });

  test('goes rank by rank, and a rank goes at once', async () => {
    const meeting = (mine: string, other: string): Command => ending(mine, `touch ${mine}; ${waitFor(other)}`);
    const { manager, root } = await testManager({
      processes: {
        db: { command: ending('db'), ...up },
        // Each ends only when the other is ending, too.
        web: { command: meeting('web', 'worker'), ...up, dependsOn: ['db'] },
        worker: { command: meeting('worker', 'web'), ...up, dependsOn: { db: 'started' } },
        proxy: { command: ending('proxy'), ...up, dependsOn: ['web'] },
      },
    });
    await Promise.all([manager.process('proxy').start(), manager.process('worker').start()]);
    const { dependants = [] } = await manager.process('db').stop();
    const ends = linesOf(root, 'ends');
    expect([ends[0], ends[3]]).toEqual(['proxy', 'db']);
    expect(dependants.map(({ name }) => name)).toEqual(['proxy', 'web', 'worker']);
  });

  test('ends those that only wait at once, and they never begin', async () => {
    const { manager, events } = await testManager({
      processes: {
        db: { command: sleeping, ready: { log: 'never' } },
        web: { command: sleeping, dependsOn: ['db'] },
      },
    });
    await manager.start();
    await manager.process('db').until('starting');
    const { dependants } = await manager.process('db').stop();
    expect(dependants).toMatchObject([{ name: 'web', signalled: [] }]);
    expect(phasesOf(events, 'web')).toEqual(['waiting', 'stopped']);
  });

  test.each([
    ['has completed', 'exit 0', 'completed'],
    ['has failed', 'exit 1', 'failed'],
  ] as const)('something that %s stops nobody', async (_, script, phase) => {
    const { manager, root } = await testManager({
      processes: {
        db: { command: ['sh', '-c', `${waitFor('end')}; ${script}`] },
        web: { command: sleeping, dependsOn: ['db'] },
      },
    });
    const { pid } = await manager.process('web').start();
    touch(root, 'end');
    await manager.process('db').until(phase);
    expect(await manager.process('db').stop()).not.toHaveProperty('dependants');
    expect(manager.process('web').view).toMatchObject({ pid, phase: 'running', desired: 'up' });
  });

  test('by a plugin does the same', async () => {
    let context: PluginContext<undefined, undefined, never> | undefined;
    const insider = plugin('insider', (ctx) => {
      context = ctx;
    });
    const { manager, root } = await testManager({
      plugins: [insider],
      processes: { db: { command: ending('db'), ...up }, web: { command: ending('web'), ...up, dependsOn: ['db'] } },
    });
    await manager.process('web').start();
    const db = manager.process('db');
    context?.request('stop', db.view, { code: 'scheduled', message: 'it is late', evidence: [] });
    expect(await db.until('stopped')).toMatchObject({ cause: { code: 'scheduled' } });
    expect(linesOf(root, 'ends')).toEqual(['web', 'db']);
    expect(manager.process('web').view.cause?.message).toBe('db is being stopped (it is late)');
  });

  test('is not held up by what survives of a dependant', async () => {
    const { runner, children } = scriptedRunner();
    const processes = { db: { command: 'db' }, web: { command: 'web', dependsOn: ['db'] } };
    const { manager } = await testManager({ processes }, { runner });
    await manager.process('web').start();
    const [db, web] = children;
    const answer = manager.call('process.stop', { name: 'db' }, { caller: 'test' });
    web?.report({ escaped: [4711] });
    await expect.poll(() => db?.reaps).toBe(1);
    db?.exit(0);
    db?.report();
    const { summary, receipt } = ((await answer) as { value: StopResult }).value;
    expect(receipt).toMatchObject({ escaped: [], dependants: [{ name: 'web', escaped: [4711] }] });
    expect(summary).toContain('web is still alive: pid 4711');
    expect(manager.process('db').view.phase).toBe('stopped');
    web?.exit(null, 'SIGKILL');
  });
});

describe('until its turn has come', () => {
  /** `web` ends only when it may. */
  const slowly = {
    processes: {
      db: { command: ['sh', '-c', `echo up; ${waitFor('crash')}; exit 1`] as Command, ...up },
      web: { command: ending('web', waitFor('may-end')), ...up, dependsOn: ['db'], stop: { grace: '30s' } },
    },
  } as const;

  test('it is no longer wanted', async () => {
    const { manager, root } = await testManager(slowly);
    const [db, web] = [manager.process('db'), manager.process('web')];
    await web.start();
    const stopping = db.stop();
    await web.until('stopping');
    expect(db.view).toMatchObject({ phase: 'running', desired: 'down' });
    touch(root, 'may-end');
    await stopping;
    expect(db.view.phase).toBe('stopped');
  });

  test.each(['db', 'web'])('a start of %s takes the stop back', async (started) => {
    const { manager, root } = await testManager(slowly);
    const [db, web] = [manager.process('db'), manager.process('web')];
    await web.start();
    const { pid } = db.view;
    const stopping = db.stop();
    await web.until('stopping');
    const starting = manager.process(started).start();
    touch(root, 'may-end');
    expect(await starting).toMatchObject({ ready: true });
    expect(await stopping).toMatchObject({ signalled: [], dependants: [{ name: 'web' }] });
    expect(db.view).toMatchObject({ phase: 'running', desired: 'up', pid });
    expect(web.view.desired).toBe(started === 'web' ? 'up' : 'down');
  });

  test('a crash of it is its end: nothing is tried again', async () => {
    const { manager, root, events } = await testManager({ ...slowly, plugins: [retries(1, 1)] });
    const [db, web] = [manager.process('db'), manager.process('web')];
    await web.start();
    const stopping = db.stop();
    await web.until('stopping');
    touch(root, 'crash');
    expect(await db.until('stopped')).toMatchObject({ generation: 1, cause: { message: 'exited with code 1' } });
    touch(root, 'may-end');
    await stopping;
    expect(phasesOf(events, 'db')).toEqual(['waiting', 'starting', 'running', 'stopping', 'stopped']);
  });

  test('one that waits for its next try is down at once, whoever still has to end', async () => {
    const { manager, root } = await testManager({ ...slowly, plugins: [retries(600_000)] });
    const [db, web] = [manager.process('db'), manager.process('web')];
    await web.start();
    touch(root, 'crash');
    await db.until('backoff');
    const down = db.until('stopped');
    const stopping = db.stop();
    await down;
    expect(web.view.phase).toBe('stopping');
    touch(root, 'may-end');
    expect(await stopping).toMatchObject({ dependants: [{ name: 'web' }] });
  });

  test('the end of the manager waits for nobody twice', async () => {
    const { manager, root } = await testManager(slowly);
    const [db, web] = [manager.process('db'), manager.process('web')];
    await web.start();
    const stopping = db.stop();
    await web.until('stopping');
    const closing = manager.close();
    touch(root, 'may-end');
    expect((await closing).unstopped).toEqual([]);
    await stopping;
    expect([db, web].map(({ view }) => view.phase)).toEqual(['stopped', 'stopped']);
  });
});

test('many commands at once, in any order, are all answered', async () => {
  const { manager } = await testManager({
    processes: {
      db: { command: sleeping },
      web: { command: sleeping, dependsOn: ['db'] },
      worker: { command: sleeping, dependsOn: ['db'] },
      proxy: { command: sleeping, dependsOn: ['web', 'worker'] },
    },
  });
  const names = ['db', 'web', 'worker', 'proxy'];
  const actions = ['start', 'stop', 'restart'] as const;
  // A fixed sequence that visits each pair of command and process.
  const asked = Array.from({ length: 60 }, (_, index) => {
    const process = manager.process(names[(index * 7) % names.length] as string);
    return process[actions[(index * 5) % actions.length] as 'start']().then(
      () => 'done',
      () => 'refused',
    );
  });
  expect(await Promise.all(asked)).toHaveLength(60);
  await manager.process('db').stop();
  expect(manager.processes().map(({ phase }) => phase)).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
  expect(await manager.process('proxy').start()).toMatchObject({ ready: true });
});

test('a reload that takes both out ends them in order', async () => {
  const { manager, root } = await testManager({
    processes: {
      db: { command: ending('db'), ...up },
      web: { command: ending('web', 'sleep 0.3'), ...up, dependsOn: ['db'] },
    },
  });
  await manager.process('web').start();
  await manager.reload({ processes: { other: { command: sleeping } } });
  expect(linesOf(root, 'ends')).toEqual(['web', 'db']);
});
