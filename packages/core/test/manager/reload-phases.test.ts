import type { Config, Plugin, ProcessBase } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { linesOf, touch } from '../support/files.ts';
import { plugin, retries } from '../support/plugins.ts';
import { nextEvent, phasesOf, testManager } from '../support/project.ts';
import { stepsOf } from '../support/reload.ts';
import { type ScriptedChild, scriptedRunner } from '../support/scripted-runner.ts';

const shell = (script: string): [string, ...string[]] => ['sh', '-c', script];
/** Leaves its pid in `marks`. */
const marking = (script: string): [string, ...string[]] => shell(`echo $$ >> marks; ${script}`);
const never = { command: marking('exec sleep 60'), ready: { log: 'never said' }, stop: { grace: '2s' } } as const;
const good = { command: marking('echo up; exec sleep 60'), ready: { log: 'up' }, stop: { grace: '2s' } } as const;
const only = (web: ProcessBase): Config => ({ processes: { web } });

describe('a process that is starting', () => {
  test('begins anew when its command differs, without waiting for its deadline', async () => {
    const { manager, root, events } = await testManager(only(never));
    const web = manager.process('web');
    const started = web.start();
    await web.until('starting');
    await expect.poll(() => linesOf(root, 'marks')).toHaveLength(1);
    expect(stepsOf(await manager.reload(only(good)))).toEqual(['restart web']);
    expect(await started).toMatchObject({ ready: true, generation: 2 });
    const [first, second] = linesOf(root, 'marks').map(Number);
    expect(isAlive(first as number)).toBe(false);
    expect(second).toBe(web.view.pid);
    expect(phasesOf(events, 'web')).toEqual(['waiting', 'starting', 'stopping', 'waiting', 'starting', 'running']);
  });

  test('begins anew when what makes it ready differs; once it is ready it goes on', async () => {
    const { manager } = await testManager(only({ ...good, ready: { log: 'never said' } }));
    const web = manager.process('web');
    const started = web.start();
    await web.until('starting');
    expect(stepsOf(await manager.reload(only(good)))).toEqual(['restart web']);
    const { pid } = await started;
    expect(stepsOf(await manager.reload(only({ ...good, ready: { log: 'up', timeout: '5s' } })))).toEqual([
      'update web',
    ]);
    expect(web.view).toMatchObject({ pid, phase: 'running' });
  });

  test('goes on when only its end differs', async () => {
    const { manager } = await testManager(only(never));
    const web = manager.process('web');
    web.start().catch(() => undefined);
    const { pid } = await web.until('starting');
    expect(stepsOf(await manager.reload(only({ ...never, stop: { grace: '1s' } })))).toEqual(['update web']);
    expect(web.view).toMatchObject({ pid, phase: 'starting' });
  });
});

describe('a process in backoff', () => {
  const failing = { command: marking('exit 3') };

  test('begins anew at once, with a whole budget, when something differs that may help', async () => {
    const plugins = [retries(1, 60_000)];
    const { manager, root } = await testManager({ plugins, ...only(failing) });
    const web = manager.process('web');
    web.start().catch(() => undefined);
    await web.until(({ phase, attempt }) => phase === 'backoff' && attempt === 2);
    expect(stepsOf(await manager.reload({ plugins, ...only({ ...good, command: good.command }) }))).toEqual([
      'restart web',
    ]);
    expect(await web.until('ready')).toMatchObject({ attempt: 0, generation: 3 });
    expect(linesOf(root, 'marks')).toHaveLength(3);
  });

  test('waits on when only its end differs', async () => {
    const plugins = [retries(60_000)];
    const { manager } = await testManager({ plugins, ...only(failing) });
    const web = manager.process('web');
    web.start().catch(() => undefined);
    const { retryAt } = await web.until('backoff');
    expect(stepsOf(await manager.reload({ plugins, ...only({ ...failing, stop: { grace: 5 } }) }))).toEqual([
      'update web',
    ]);
    expect(web.view).toMatchObject({ phase: 'backoff', retryAt });
  });

  test('is forgotten when it is removed: nothing comes back', async () => {
    const plugins = [retries(50)];
    const { manager, root } = await testManager({ plugins, ...only(failing) });
    manager
      .process('web')
      .start()
      .catch(() => undefined);
    await manager.process('web').until('backoff');
    await manager.reload({ plugins, processes: { other: good } });
    await manager.process('other').until('ready');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(linesOf(root, 'marks')).toHaveLength(2);
  });
});

describe('a process that is stopping', () => {
  /** Ends when the file `go` is there. */
  const slow = {
    command: marking('trap "until [ -e go ]; do sleep 0.02; done; exit 0" TERM; echo up; while :; do sleep 0.02; done'),
    ready: { log: 'up' },
    stop: { grace: '30s' },
  } as const;

  test('comes up with the new settings when it was to come up again', async () => {
    const { manager, root } = await testManager(only(slow));
    const web = manager.process('web');
    const { pid } = await web.start();
    const restarted = web.restart();
    await web.until('stopping');
    expect(stepsOf(await manager.reload(only(good)))).toEqual(['restart web']);
    expect(web.view).toMatchObject({ phase: 'stopping', pid });
    touch(root, 'go');
    expect(await restarted).toMatchObject({ generation: 2, restarts: 1 });
    expect(linesOf(root, 'marks')).toHaveLength(2);
  });

  test('stays down when a person has stopped it', async () => {
    const { manager, root } = await testManager(only(slow));
    const web = manager.process('web');
    await web.start();
    const stopped = web.stop();
    await web.until('stopping');
    expect(stepsOf(await manager.reload(only(good)))).toEqual(['update web']);
    touch(root, 'go');
    await stopped;
    expect(web.view).toMatchObject({ phase: 'stopped', desired: 'down' });
    expect(await web.start()).toMatchObject({ generation: 2, ready: true });
  });

  test('is removed when it has ended', async () => {
    const { manager, root } = await testManager(only(slow));
    const web = manager.process('web');
    const { pid } = await web.start();
    const restarted = web.restart().catch((fault) => fault);
    await web.until('stopping');
    const reloaded = manager.reload({ processes: {} });
    await nextEvent(manager, ({ type, data }) => type === 'process.desired' && data.desired === 'down');
    expect(isAlive(pid as number)).toBe(true);
    expect(await web.start().catch((fault) => fault)).toMatchObject({ code: 'PB_PROCESS_UNKNOWN' });
    touch(root, 'go');
    expect(stepsOf(await reloaded)).toEqual(['remove web']);
    expect(isAlive(pid as number)).toBe(false);
    expect((await restarted).code).toMatch(/^PB_/);
    expect(linesOf(root, 'marks')).toHaveLength(1);
  });
});

describe('a process that waits for another', () => {
  const config = (needs: readonly string[]): Config => ({
    processes: { db: never, cache: good, web: { ...good, dependsOn: needs } },
  });

  test('starts when it needs something else now, and that is there', async () => {
    const { manager } = await testManager(config(['db']));
    await manager.start();
    await manager.process('cache').until('ready');
    const web = manager.process('web');
    expect(web.view).toMatchObject({ phase: 'waiting', waitingFor: ['db: not ready (starting)'] });
    expect(stepsOf(await manager.reload(config(['cache'])))).toEqual(['update web']);
    expect(await web.until('ready')).toMatchObject({ generation: 1 });
    expect(manager.process('db').view.phase).toBe('starting');
  });

  test.each(['is new', 'was there and nobody had asked for it'])(
    'brings up what it needs now, which %s',
    async (how) => {
      // It does not start by itself: somebody must need it.
      const cache = { ...good, autostart: false };
      const before = { db: never, ...(how === 'is new' ? {} : { cache }) };
      const { manager } = await testManager({ processes: { ...before, web: { ...good, dependsOn: ['db'] } } });
      await manager.start();
      const web = manager.process('web');
      await web.until('waiting');
      await manager.reload({ processes: { db: never, cache, web: { ...good, dependsOn: ['cache'] } } });
      expect(await web.until('ready')).toMatchObject({ generation: 1 });
    },
  );

  test('does not bring up what a person has stopped', async () => {
    const { manager } = await testManager(config(['db']));
    await manager.start();
    await manager.process('cache').until('ready');
    await manager.process('cache').stop();
    await manager.reload(config(['cache']));
    expect(manager.process('cache').view).toMatchObject({ phase: 'stopped', desired: 'down' });
    expect(manager.process('web').view).toMatchObject({
      phase: 'waiting',
      waitingFor: ['cache: stopped'],
      cause: { code: 'dependencyDown', message: 'dependency "cache" is stopped' },
    });
  });

  test('that has failed begins when that is gone', async () => {
    const { manager } = await testManager({
      processes: { db: { command: 'exit-3-does-not-exist' }, web: { ...good, dependsOn: ['db'] } },
    });
    await manager.start();
    await manager.process('web').until(({ cause }) => cause?.code === 'dependencyDown');
    expect(stepsOf(await manager.reload(only(good), { dryRun: true }))).toEqual(['remove db', 'update web']);
    await manager.reload(only(good));
    const view = await manager.process('web').until('ready');
    expect(view).toMatchObject({ generation: 1 });
    expect(view.cause).toBeUndefined();
  });

  test('and runs goes on when the other begins anew, and is not stopped with it', async () => {
    const both = (script: string): Config => ({
      processes: {
        db: { ...good, command: marking(`${script}echo up; exec sleep 60`) },
        web: { ...good, dependsOn: ['db'] },
      },
    });
    const { manager } = await testManager(both(''));
    await manager.start();
    const { pid } = await manager.process('web').until('ready');
    expect(stepsOf(await manager.reload(both('x=1; ')))).toEqual(['restart db']);
    await manager.process('db').until(({ ready, generation }) => ready && generation === 2);
    expect(manager.process('web').view).toMatchObject({ pid, phase: 'running' });
  });
});

test('a launch that is being prepared is prepared anew: the old command never runs', async () => {
  const gates: (() => void)[] = [];
  const gate: Plugin = plugin('slow-gate', (ctx) => {
    ctx.hooks.gate.tapPromise('slow', async () => {
      await new Promise<void>((resolve) => void gates.push(resolve));
      return undefined;
    });
  });
  const plugins = [gate];
  const { manager, root } = await testManager({
    plugins,
    ...only({ ...good, command: marking('echo old; sleep 60') }),
  });
  const web = manager.process('web');
  const started = web.start();
  await expect.poll(() => gates.length).toBe(1);
  expect(stepsOf(await manager.reload({ plugins, ...only(good) }))).toEqual(['update web']);
  expect(gates).toHaveLength(2);
  for (const open of gates) open();
  expect(await started).toMatchObject({ generation: 1, ready: true });
  expect(web.logs().lines.map(({ text }) => text)).toEqual(['up']);
  expect(linesOf(root, 'marks')).toHaveLength(1);
});

describe('a process that is down', () => {
  test('because it has failed begins anew with what may help', async () => {
    const { manager } = await testManager(only({ command: shell('exit 3') }));
    const web = manager.process('web');
    await web.start();
    await web.until('failed');
    expect(stepsOf(await manager.reload(only(good)))).toEqual(['restart web']);
    const view = await web.until('ready');
    expect(view).toMatchObject({ generation: 2, attempt: 0 });
    expect(view.cause).toBeUndefined();
  });

  test('because it has completed: a service begins anew, a job does not', async () => {
    const config = (code: string): Config => ({
      processes: {
        service: { command: marking(`${code}exit 0`) },
        job: { command: marking(`${code}exit 0`), kind: 'job' },
      },
    });
    const { manager, root } = await testManager(config(''));
    await manager.start();
    await Promise.all(['service', 'job'].map((name) => manager.process(name).until('completed')));
    expect(stepsOf(await manager.reload(config('x=1; '))).toSorted()).toEqual(['restart service', 'update job']);
    await manager.process('service').until(({ phase, generation }) => phase === 'completed' && generation === 2);
    expect(manager.process('job').view).toMatchObject({ phase: 'completed', generation: 1 });
    expect(linesOf(root, 'marks')).toHaveLength(3);
  });

  test('because a person has stopped it stays so, and starts with the new settings when asked', async () => {
    const { manager } = await testManager(only({ ...good, env: { A: '1' } }));
    const web = manager.process('web');
    await web.start();
    await web.stop();
    const changed = { ...good, command: shell('echo "up $A"; exec sleep 60'), env: { A: '2' } };
    expect(stepsOf(await manager.reload(only(changed)))).toEqual(['update web']);
    expect(web.view.phase).toBe('stopped');
    await web.start();
    expect(web.logs().lines.at(-1)?.text).toBe('up 2');
  });

  test('and is new without autostart is not started', async () => {
    const { manager } = await testManager({ processes: {} });
    await manager.reload(only({ ...good, autostart: false }));
    expect(manager.process('web').view).toMatchObject({ phase: 'stopped', desired: 'down' });
  });
});

test('a service that is a job now is ready when it has completed', async () => {
  const { manager } = await testManager(only(good));
  const web = manager.process('web');
  await web.start();
  await manager.reload(only({ command: shell('exit 0'), kind: 'job' }));
  expect(await web.until('completed')).toMatchObject({ kind: 'job', ready: true, generation: 2 });
});

describe('a removed process that survives SIGKILL', () => {
  const survivor = 4711;

  async function stuck() {
    const { runner, children } = scriptedRunner();
    const testing = await testManager(only({ command: 'web' }), { runner });
    await testing.manager.process('web').start();
    const child = children[0] as ScriptedChild;
    const reloaded = testing.manager.reload({ processes: {} });
    await testing.manager.process('web').until('stopping');
    child.report({ escaped: [survivor] });
    return { ...testing, children, child, report: await reloaded };
  }

  test('stays in the list, failed, is reported, and cannot be started', async () => {
    const { manager, report, child, children } = await stuck();
    expect(report).toMatchObject({
      applied: true,
      unstopped: ['web'],
      summary: expect.stringContaining('still alive: web'),
    });
    const web = manager.process('web');
    expect(web.view).toMatchObject({ phase: 'failed', cause: { code: 'unkillable' } });
    await expect(web.start()).rejects.toMatchObject({ code: 'PB_PROCESS_UNKNOWN' });
    const closed = manager.close();
    await web.until('stopping');
    child.exit(null, 'SIGKILL');
    child.report();
    expect(await closed).toMatchObject({ unstopped: [] });
    expect(children).toHaveLength(1);
  });

  test('goes with the next reload, when it has ended', async () => {
    const { manager, child } = await stuck();
    const again = manager.reload({ processes: {} });
    await manager.process('web').until('stopping');
    child.exit(null, 'SIGKILL');
    child.report();
    expect(await again).toMatchObject({ unstopped: [], processes: [{ action: 'remove', name: 'web' }] });
    expect(manager.processes()).toEqual([]);
  });

  test('is taken back when the config has it again, and no second one starts beside it', async () => {
    const { manager, child, children } = await stuck();
    const again = manager.reload(only({ command: 'web2' }));
    expect(stepsOf(await again)).toEqual(['add web']);
    const web = manager.process('web');
    expect(web.view).toMatchObject({ phase: 'waiting', waitingFor: ['what is left of the last run to end'] });
    expect(children).toHaveLength(1);
    child.exit(null, 'SIGKILL');
    child.report();
    expect(await web.until('ready')).toMatchObject({ generation: 2 });
    expect(children[1]?.plan.command).toBe('web2');
    const stopped = web.stop();
    children[1]?.exit(0);
    children[1]?.report();
    await stopped;
  });
});

describe('while the manager is closing', () => {
  test('no reload is taken', async () => {
    const { manager } = await testManager(only(good));
    await manager.process('web').start();
    const closed = manager.close();
    await expect(manager.reload({ processes: {} })).rejects.toMatchObject({ code: 'PB_MANAGER_CLOSED' });
    await closed;
    await expect(manager.reload({ processes: {} })).rejects.toMatchObject({ code: 'PB_MANAGER_CLOSED' });
  });

  test('the end waits for a plugin that is being set up, and takes it back', async () => {
    const told: string[] = [];
    const slow = Promise.withResolvers<void>();
    const late = plugin('late', async (ctx) => {
      ctx.onDispose(() => void told.push('late gone'));
      told.push('late');
      await slow.promise;
    });
    const { manager } = await testManager({ processes: {} });
    const reloaded = manager.reload({ plugins: [late], processes: {} }).catch((fault) => fault);
    await expect.poll(() => told).toEqual(['late']);
    const closed = manager.close().then(() => told.push('closed'));
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual(['late']);
    slow.resolve();
    await closed;
    expect(told).toEqual(['late', 'late gone', 'closed']);
    expect(await reloaded).toMatchObject({ code: 'PB_MANAGER_CLOSED' });
  });

  test('a reload that waits for an end is cut short, and nothing is left', async () => {
    const disposed: string[] = [];
    const late = plugin('late', (ctx) => ctx.onDispose(() => void disposed.push('late')));
    const deaf = marking('trap "" TERM; echo up; while :; do sleep 0.05; done');
    const { manager, root } = await testManager(only({ command: deaf, ready: { log: 'up' }, stop: { grace: '60s' } }));
    await manager.process('web').start();
    const reloaded = manager.reload({ plugins: [late], processes: { next: good } }).catch((fault) => fault);
    await manager.process('web').until('stopping');
    const closed = manager.close();
    void manager.close('now', { force: true });
    expect(await closed).toMatchObject({ unstopped: [] });
    expect(await reloaded).toMatchObject({ code: 'PB_MANAGER_CLOSED' });
    expect(disposed).toEqual(['late']);
    expect(linesOf(root, 'marks').map(Number).filter(isAlive)).toEqual([]);
  });
});
