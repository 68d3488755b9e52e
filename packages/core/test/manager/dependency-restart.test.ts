import type { Config, ManagerEvent, ProcessBase } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { touch } from '../support/files.ts';
import { plugin, retries } from '../support/plugins.ts';
import { phasesOf, testManager } from '../support/project.ts';

type Command = [string, ...string[]];
type Rule = 'keep' | 'restart' | 'stop';

const sleeping: Command = ['sleep', '60'];
const waitFor = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;
/** Its second run is ready only when it may. */
const slowAgain: ProcessBase = {
  command: ['sh', '-c', `[ $PROMPTBIN_RUN = 1 ] || ${waitFor('go')}; echo up; exec sleep 60`],
  ready: { log: 'up' },
};
const needing = (dependsOn: ProcessBase['dependsOn'], onDependencyRestart?: Rule): ProcessBase => ({
  command: sleeping,
  ...(dependsOn && { dependsOn }),
  ...(onDependencyRestart && { onDependencyRestart }),
});

/** How often each has been spawned. */
const spawnsOf = (events: readonly ManagerEvent[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { type, data } of events) {
    if (type === 'process.spawned') counts[data.name] = (counts[data.name] ?? 0) + 1;
  }
  return counts;
};

const chain = (rule: Rule): Config => ({
  processes: { db: slowAgain, web: needing(['db'], rule), proxy: needing(['web'], rule) },
});

describe('when a dependency has been started anew', () => {
  test.each([undefined, 'keep'] as const)('a dependant with %s goes on', async (rule) => {
    const { manager, root, events } = await testManager({ processes: { db: slowAgain, web: needing(['db'], rule) } });
    const { pid } = await manager.process('web').start();
    touch(root, 'go');
    await manager.process('db').restart();
    expect(manager.process('web').view).toMatchObject({ pid, phase: 'running' });
    expect(spawnsOf(events)).toEqual({ db: 2, web: 1 });
  });

  test('one with `restart` ends at once and comes back when it is there; so does who depends on that', async () => {
    const { manager, root, events } = await testManager(chain('restart'));
    const [db, web, proxy] = ['db', 'web', 'proxy'].map((name) => manager.process(name));
    await proxy?.start();
    const again = db?.restart();
    expect(await web?.until('waiting')).toMatchObject({
      waitingFor: ['db: not ready (starting)'],
      cause: { code: 'dependencyRestarted', message: 'dependency "db" was restarted' },
    });
    expect(proxy?.view).toMatchObject({ generation: 1, phase: 'running' });
    touch(root, 'go');
    await again;
    await proxy?.until(({ ready, generation }) => ready && generation === 2);
    expect(spawnsOf(events)).toEqual({ db: 2, web: 2, proxy: 2 });
    expect(phasesOf(events, 'web').slice(3)).toEqual(['stopping', 'waiting', 'starting', 'running']);
    const told = events.find(({ type, data }) => type === 'process.exited' && data.name === 'proxy');
    expect(told?.data).toMatchObject({
      exit: { cause: { code: 'dependencyRestarted', message: 'dependency "web" was restarted' }, condemned: false },
    });
  });

  test('one with `stop` is stopped, after those that depend on it', async () => {
    const { manager, root, events } = await testManager(chain('stop'));
    await manager.process('proxy').start();
    touch(root, 'go');
    const stopped = manager.process('web').until('stopped');
    await manager.process('db').restart();
    expect(await stopped).toMatchObject({ desired: 'down', cause: { code: 'dependencyRestarted' } });
    expect(manager.process('proxy').view).toMatchObject({
      phase: 'stopped',
      cause: { code: 'dependencyRestarted', message: 'web is being stopped (dependency "db" was restarted)' },
    });
    const ends = events.flatMap(({ type, data }) =>
      type === 'process.phase' && data.to === 'stopped' ? [data.name] : [],
    );
    expect(ends).toEqual(['proxy', 'web']);
    expect(spawnsOf(events)).toEqual({ db: 2, web: 1, proxy: 1 });
  });

  test('by a crash, it is the same', async () => {
    const { manager, root, events } = await testManager({
      plugins: [retries(1)],
      processes: {
        db: { command: ['sh', '-c', `[ $PROMPTBIN_RUN = 1 ] && { ${waitFor('crash')}; exit 1; }; exec sleep 60`] },
        web: needing(['db'], 'restart'),
      },
    });
    await manager.process('web').start();
    touch(root, 'crash');
    await manager.process('web').until(({ ready, generation }) => ready && generation === 2);
    expect(spawnsOf(events)).toEqual({ db: 2, web: 2 });
  });

  test('one that waits, or waits to be tried again, is left alone', async () => {
    const { manager, root, events } = await testManager({
      plugins: [retries(600_000)],
      processes: {
        db: slowAgain,
        gate: { command: ['sh', '-c', `${waitFor('open')}; echo up; exec sleep 60`], ready: { log: 'up' } },
        waits: needing(['db', 'gate'], 'restart'),
        crashes: { ...needing(['db'], 'restart'), command: ['sh', '-c', 'exit 1'] },
      },
    });
    touch(root, 'go');
    await manager.start();
    await manager.process('crashes').until('backoff');
    await manager.process('db').restart();
    expect(manager.process('crashes').view).toMatchObject({ phase: 'backoff', generation: 1 });
    touch(root, 'open');
    expect(await manager.process('waits').until('ready')).toMatchObject({ generation: 1 });
    expect(spawnsOf(events)).toEqual({ db: 2, gate: 1, waits: 1, crashes: 1 });
  });

  test('one that depends on it in two ways begins anew once', async () => {
    const { manager, root, events } = await testManager({
      processes: {
        db: slowAgain,
        web: needing({ db: 'started' }, 'restart'),
        proxy: needing({ db: 'ready', web: 'started' }, 'restart'),
      },
    });
    await manager.process('proxy').start();
    touch(root, 'go');
    await manager.process('db').restart();
    await manager.process('proxy').until(({ ready, generation }) => ready && generation === 2);
    await manager.process('web').until('ready');
    expect(spawnsOf(events)).toEqual({ db: 2, web: 2, proxy: 2 });
  });

  test.each([[['db', 'web']], [['web', 'db']]])(
    'and so does one that was restarted together with it (%j)',
    async (names) => {
      const { manager, root, events } = await testManager({
        processes: { db: slowAgain, web: needing(['db'], 'restart') },
      });
      await manager.process('web').start();
      touch(root, 'go');
      await Promise.all(names.map((name) => manager.process(name).restart()));
      expect(manager.process('web').view).toMatchObject({ ready: true });
      expect(spawnsOf(events)).toEqual({ db: 2, web: 2 });
    },
  );

  test('and one that a reload restarts with it', async () => {
    const config = (x: string): Config => ({
      processes: {
        db: { command: sleeping, env: { X: x } },
        web: { ...needing(['db'], 'restart'), env: { X: x } },
        proxy: needing(['web'], 'restart'),
      },
    });
    const { manager, events } = await testManager(config('1'));
    await manager.process('proxy').start();
    await manager.reload(config('2'));
    await manager.process('proxy').until(({ ready, generation }) => ready && generation === 2);
    expect(spawnsOf(events)).toEqual({ db: 2, web: 2, proxy: 2 });
  });

  test('one that is to be stopped soon is not wanted again by it', async () => {
    const held = ['sh', '-c', `trap '${waitFor('may-end')}; exit 0' TERM; echo up; while :; do sleep 0.02; done`];
    const { manager, root } = await testManager({
      processes: {
        db: slowAgain,
        web: needing(['db'], 'restart'),
        proxy: { ...needing(['web']), command: held as Command, ready: { log: 'up' }, stop: { grace: '30s' } },
      },
    });
    const web = manager.process('web');
    await manager.process('proxy').start();
    const stopping = web.stop();
    await manager.process('proxy').until('stopping');
    touch(root, 'go');
    await manager.process('db').restart();
    expect(web.view).toMatchObject({ phase: 'running', desired: 'down', generation: 1 });
    touch(root, 'may-end');
    await stopping;
    expect(web.view).toMatchObject({ phase: 'stopped', generation: 1 });
  });
});

test('a plugin that restarts something brings up what it needs, as a person would', async () => {
  let restart = (): void => {};
  const insider = plugin('insider', (ctx) => {
    restart = () => {
      const view = ctx.processes().find(({ name }) => name === 'web');
      if (view !== undefined) ctx.request('restart', view, { code: 'filesChanged', message: 'app.py', evidence: [] });
    };
  });
  const { manager, root, events } = await testManager({
    plugins: [insider],
    processes: {
      db: { command: ['sh', '-c', `[ $PROMPTBIN_RUN = 1 ] && { ${waitFor('crash')}; exit 1; }; exec sleep 60`] },
      web: needing(['db']),
    },
  });
  await manager.process('web').start();
  touch(root, 'crash');
  await manager.process('db').until('failed');
  restart();
  await manager.process('web').until(({ ready, generation }) => ready && generation === 2);
  expect(spawnsOf(events)).toEqual({ db: 2, web: 2 });
  const wanted = events.findLast(({ type, data }) => type === 'process.desired' && data.name === 'db');
  expect(wanted?.data).toMatchObject({ cause: { message: 'web depends on it (app.py)' } });
});
