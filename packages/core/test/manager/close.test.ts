import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ManagerEvent } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { fixture, linesOf, touch } from '../support/files.ts';
import { plugin } from '../support/plugins.ts';
import { lineWith, nextEvent, phasesOf, testManager } from '../support/project.ts';

type Command = [string, ...string[]];
/** On SIGTERM: waits for the file `go-NAME` when told to, then writes its name to `order`. */
const ending = (name: string, wait = false): Command => [
  'sh',
  '-c',
  `trap '${wait ? `until [ -e go-${name} ]; do sleep 0.02; done; ` : ''}echo ${name} >> order; exit 0' TERM
   echo up; while :; do sleep 0.02; done`,
];
const up = { ready: { log: 'up' } };
const stubborn = { command: fixture('ignore-sigterm.sh'), ready: { log: 'ready' }, stop: { grace: '60s' } } as const;

test('processes are stopped in reverse order of dependency, one rank after the other', async () => {
  const { manager, root, events } = await testManager({
    processes: {
      db: { command: ending('db'), ...up },
      web: { command: ending('web', true), ...up, dependsOn: ['db'] },
      worker: { command: ending('worker'), ...up, dependsOn: ['db'] },
    },
  });
  await manager.start();
  await Promise.all(['web', 'worker'].map((name) => manager.process(name).until('ready')));
  const closed = manager.close('enough');
  await manager.process('worker').until('stopped');
  expect(manager.process('web').view.phase).toBe('stopping');
  expect(manager.process('db').view.phase).toBe('running');
  touch(root, 'go-web');
  const report = await closed;
  expect(linesOf(root, 'order')).toEqual(['worker', 'web', 'db']);
  expect(report.unstopped).toEqual([]);
  expect(report.receipts.map(({ name }) => name)).toEqual(['web', 'worker', 'db']);
  const causes = events.flatMap(({ type, data }) =>
    type === 'process.phase' && data.to === 'stopped' ? [data.cause?.message] : [],
  );
  expect(causes).toEqual(['enough', 'enough', 'enough']);
});

test('closing is announced first, then plugins are asked, then processes stop, and plugins go last, in reverse', async () => {
  const order: string[] = [];
  const named = (name: string) =>
    plugin(name, (ctx) => {
      ctx.hooks.closing.tap(name, (why) => void order.push(`${name} closing: ${why}`));
      ctx.onDispose(() => void order.push(`${name} first`));
      ctx.onDispose(async () => void order.push(`${name} second, ${ctx.signal.aborted ? 'aborted' : 'not aborted'}`));
    });
  const { manager } = await testManager({
    plugins: [named('one'), named('two')],
    processes: { web: { command: 'sleep 60' } },
  });
  await manager.process('web').start();
  manager.on('manager.closing', () => void order.push('announced'));
  manager.on('process.phase', ({ data }) => void order.push(data.to));
  await manager.close('enough');
  expect(order).toEqual([
    'announced',
    'one closing: enough',
    'two closing: enough',
    'stopping',
    'stopped',
    'two second, not aborted',
    'two first',
    'one second, not aborted',
    'one first',
  ]);
});

test('close is one: whoever calls it again gets the same report', async () => {
  const { manager, events } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  await manager.process('web').start();
  const [first, second] = await Promise.all([manager.close('one'), manager.close('two')]);
  expect(second).toBe(first);
  expect(await manager.close('three')).toBe(first);
  expect(events.filter(({ type }) => type === 'manager.closing').map(({ data }) => data)).toEqual([{ why: 'one' }]);
});

test('force cuts a long grace, also of a close under way, and the receipts tell what was killed', async () => {
  const { manager } = await testManager({
    processes: { web: { ...stubborn, dependsOn: ['db'] }, db: stubborn, setup: { kind: 'job', command: 'true' } },
  });
  await manager.start();
  const views = [await manager.process('db').until('ready'), await manager.process('web').until('ready')];
  const told = nextEvent(manager, ({ type, data }) => type === 'process.phase' && data.to === 'stopping');
  const closed = manager.close();
  await told;
  await manager.close('again', { force: true });
  const report = await closed;
  expect(report.unstopped).toEqual([]);
  expect(report.receipts.map(({ name }) => name)).toEqual(['web', 'db']);
  for (const [index, { pid }] of views.toReversed().entries()) expect(report.receipts[index]?.killed).toContain(pid);
  expect(views.filter(({ pid }) => isAlive(pid as number))).toEqual([]);
});

test('force at once kills without asking, and manager.stop counts it', async () => {
  const { manager } = await testManager({ processes: { web: stubborn } });
  const { pid } = await manager.process('web').start();
  const answer = await manager.call('manager.stop', { force: true }, { caller: 'test' });
  expect(answer).toMatchObject({
    ok: true,
    value: { summary: '1 process stopped', unstopped: [], faults: [], receipts: [{ name: 'web', signalled: [] }] },
  });
  expect(isAlive(pid as number)).toBe(false);
});

test('force does not wait for a plugin that drains', async () => {
  const draining = Promise.withResolvers<void>();
  const drain = plugin('drain', (ctx) => {
    ctx.hooks.beforeStop.tapPromise('drain', async () => {
      draining.resolve();
      await new Promise(() => {});
    });
  });
  const { manager } = await testManager({
    plugins: [drain],
    processes: { web: { command: 'sleep 60', stop: { grace: '1h' } } },
  });
  await manager.process('web').start();
  const closed = manager.close();
  await draining.promise;
  void manager.close('now', { force: true });
  // It was not waited for until its time was up, which would be a fault.
  expect(await closed).toMatchObject({ unstopped: [], faults: [] });
});

test('while it closes nothing is started any more, whoever asks', async () => {
  let asks = (): void => {};
  const asking = plugin('asking', (ctx) => {
    asks = () => {
      for (const view of ctx.processes()) {
        ctx.request('start', view, { code: 'requested', message: 'please', evidence: [] });
        ctx.request('restart', view, { code: 'requested', message: 'please', evidence: [] });
      }
    };
  });
  const { manager, root, events } = await testManager({
    plugins: [asking],
    processes: {
      db: { command: ending('db', true), ...up },
      web: { command: ending('web'), ...up, dependsOn: ['db'] },
    },
  });
  const [web, db] = [manager.process('web'), manager.process('db')];
  await web.start();
  const closed = manager.close();
  await db.until('stopping');
  const late = { code: 'PB_MANAGER_CLOSED' };
  await expect(web.start()).rejects.toMatchObject(late);
  await expect(web.restart()).rejects.toMatchObject(late);
  await expect(manager.start()).rejects.toMatchObject(late);
  asks();
  for (const command of ['process.start', 'process.restart']) {
    expect(await manager.call(command, { name: 'web' }, { caller: 'test' })).toMatchObject({ ok: false, error: late });
  }
  // What only looks, and what helps to end, is still taken.
  expect(await manager.call('process.get', { name: 'web' }, { caller: 'test' })).toMatchObject({ ok: true });
  void web.stop();
  touch(root, 'go-db');
  expect((await closed).unstopped).toEqual([]);
  expect(events.filter(({ type }) => type === 'process.spawned')).toHaveLength(2);
  expect(phasesOf(events, 'web').slice(-2)).toEqual(['stopping', 'stopped']);
});

test('a crash of a dependency while its dependants stop does not bring anything back', async () => {
  const always = plugin('always', (ctx) => {
    ctx.hooks.decide.tap('always', () => ({ action: 'retry', delayMs: 0 }));
  });
  const { manager, root } = await testManager({
    plugins: [always],
    processes: {
      db: { command: ending('db'), ...up },
      web: { command: ending('web', true), ...up, dependsOn: ['db'] },
    },
  });
  const db = manager.process('db');
  await manager.process('web').start();
  const closed = manager.close();
  await manager.process('web').until('stopping');
  process.kill(db.view.pid as number, 'SIGKILL');
  const { pid } = await db.until(({ generation, ready }) => generation === 2 && ready);
  touch(root, 'go-web');
  expect((await closed).unstopped).toEqual([]);
  expect(isAlive(pid as number)).toBe(false);
  expect(manager.processes().map(({ phase }) => phase)).toEqual(['stopped', 'stopped']);
});

test('after close handles refuse with PB_MANAGER_CLOSED, and what is known can still be read', async () => {
  const { manager } = await testManager({ processes: { web: { command: ['sh', '-c', 'echo hello; exec sleep 60'] } } });
  const web = manager.process('web');
  const pending = web.until('failed').catch((fault) => fault.code);
  await web.start();
  await lineWith(web, 'hello');
  await manager.close();
  const late = { code: 'PB_MANAGER_CLOSED' };
  expect(await pending).toBe(late.code);
  await expect(web.start()).rejects.toMatchObject(late);
  await expect(web.stop()).rejects.toMatchObject(late);
  await expect(web.restart()).rejects.toMatchObject(late);
  await expect(web.until('ready')).rejects.toMatchObject(late);
  await expect(manager.start()).rejects.toMatchObject(late);
  expect(web.view).toMatchObject({ phase: 'stopped' });
  expect(web.logs().lines.map(({ text }) => text)).toEqual(['hello']);
});

test('a manager that was never started, and one that is disposed of, close as well', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  expect(await manager.close()).toEqual({ unstopped: [], receipts: [], faults: [] });
  let pid: number | undefined;
  {
    await using other = (await testManager({ processes: { web: { command: 'sleep 60' } } })).manager;
    pid = (await other.process('web').start()).pid;
  }
  expect(isAlive(pid as number)).toBe(false);
});

test('a disposer that throws or hangs is blamed, and the ones after it still run', async () => {
  const order: string[] = [];
  const bad = plugin('bad', (ctx) => {
    ctx.onDispose(() => void order.push('last'));
    ctx.onDispose(() => new Promise(() => {}));
    ctx.onDispose(() => Promise.reject(new Error('boom')));
    ctx.onDispose(() => void order.push('first'));
  });
  const { manager } = await testManager({ plugins: [bad], processes: {} });
  const { faults } = await manager.close();
  expect(order).toEqual(['first', 'last']);
  expect(faults.map(({ data }) => data)).toEqual([
    { plugin: 'bad', hook: 'dispose', code: 'PB_PLUGIN_DISPOSE', message: 'Plugin "bad", disposer: boom.' },
    {
      plugin: 'bad',
      hook: 'dispose',
      code: 'PB_PLUGIN_DISPOSE',
      message: 'Plugin "bad", disposer: took longer than 2000 ms.',
    },
  ]);
});

test('nothing keeps Node alive after close, in whatever phase the processes were', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  // It has to end by itself: a timer that was left behind lasts for an hour.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [fixture('manage-and-end.ts'), root], {
    timeout: 45_000,
    killSignal: 'SIGKILL',
  });
  expect(stderr).toBe('');
  const { unstopped, before, after } = JSON.parse(stdout);
  expect(unstopped).toEqual([]);
  expect(after).toEqual(before);
});

test('its log file is closed with it', async () => {
  const { manager, root } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  const open = (): string[] =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)].filter((path) => path.startsWith(root));
      } catch {
        return [];
      }
    });
  await manager.process('web').start();
  expect(open()).toContain(join(root, '.promptbin', 'logs', 'promptbin.log'));
  await manager.close();
  while (open().length > 0) await new Promise((resolve) => setImmediate(resolve));
  const events = linesOf(root, '.promptbin/logs/promptbin.log').map(
    (line) => JSON.parse(line).event as ManagerEvent['type'],
  );
  expect(events.filter((type) => type === 'manager.started')).toHaveLength(1);
  expect(events).toContain('process.stopped');
});

test('a log file that cannot be written does not take the manager down', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  mkdirSync(join(root, '.promptbin', 'logs'), { recursive: true });
  symlinkSync('/dev/full', join(root, '.promptbin', 'logs', 'promptbin.log'));
  const { manager, events } = await testManager({ processes: { web: { command: 'sleep 60' } } }, { root });
  expect(await manager.process('web').start()).toMatchObject({ ready: true });
  const report = await manager.close();
  expect(report.unstopped).toEqual([]);
  expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
});
