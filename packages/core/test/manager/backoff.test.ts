import { expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { fixture, linesOf, touch } from '../support/files.ts';
import { canBind } from '../support/network.ts';
import { plugin, retries } from '../support/plugins.ts';
import { lineWith, nextEvent, phasesOf, testManager } from '../support/project.ts';

const marking = (script: string): [string, ...string[]] => ['sh', '-c', `echo $$ >> marks; ${script}`];

const failing = { command: marking('exit 1'), ready: { log: 'never' } };

test('each retry comes after its delay, as a new run, until the plugin has had enough', async () => {
  const delays = [10, 60, 120, 120];
  const { manager, root, events } = await testManager({
    plugins: [retries(...delays)],
    processes: { web: failing },
  });
  await manager.start();
  await manager.process('web').until('failed');
  expect(linesOf(root, 'marks')).toHaveLength(5);
  expect(manager.process('web').view).toMatchObject({ generation: 5, restarts: 4, attempt: 4, desired: 'up' });
  const round = ['starting', 'backoff', 'waiting'];
  expect(phasesOf(events, 'web')).toEqual(['waiting', ...delays.flatMap(() => round), 'starting', 'failed']);
  const told = events.flatMap(({ type, data }) => (type === 'process.retry' ? [[data.delayMs, data.attempt]] : []));
  expect(told).toEqual([
    [10, 1],
    [60, 2],
    [120, 3],
    [120, 4],
  ]);
  // Never early: the wall clock of the events is in whole ms, and timers may be one short.
  const spawns = events.flatMap(({ type, at }) => (type === 'process.spawned' ? [at] : []));
  const exits = events.flatMap(({ type, at }) => (type === 'process.exited' ? [at] : []));
  const waits = exits.slice(0, -1).map((at, index) => (spawns[index + 1] as number) - at);
  for (const [index, delay] of delays.entries()) expect(waits[index]).toBeGreaterThanOrEqual(delay - 2);
});

test('the exit, its decision and the backoff are one turn', async () => {
  const { manager, events } = await testManager({
    plugins: [retries(60_000)],
    processes: { web: failing },
  });
  const seen: string[] = [];
  manager.on('process.exited', () => seen.push(manager.process('web').view.phase));
  const view = await manager
    .process('web')
    .start()
    .catch((fault) => fault.details);
  expect(seen).toEqual(['backoff']);
  expect(view).toMatchObject({ phase: 'backoff', attempt: 1, desired: 'up' });
  const retry = events.find(({ type }) => type === 'process.retry');
  expect(Date.parse(view.retryAt) - Number(retry?.at)).toBe(60_000);
  expect(view.pid).toBeUndefined();
});

test('a retry without a delay is no backoff: nobody sees one, and whoever starts it waits on', async () => {
  const { manager, root, events } = await testManager({
    plugins: [retries(0, 0)],
    processes: {
      web: { command: marking('[ $(wc -l < marks) -lt 3 ] && exit 1; echo up; exec sleep 60'), ready: { log: 'up' } },
    },
  });
  const seen = new Set<string>();
  manager.on('process.phase', () => seen.add(manager.process('web').view.phase));
  expect(await manager.process('web').start()).toMatchObject({ ready: true, generation: 3, restarts: 2 });
  expect(linesOf(root, 'marks')).toHaveLength(3);
  expect(seen).not.toContain('backoff');
  expect(phasesOf(events, 'web').filter((phase) => phase === 'backoff')).toHaveLength(2);
});

test('a stop during backoff is immediate, and nothing comes after it', async () => {
  const { manager, root, events } = await testManager({
    plugins: [retries(200)],
    processes: { web: failing },
  });
  const web = manager.process('web');
  await expect(web.start()).rejects.toThrow('will be retried (attempt 1');
  const receipt = await web.stop();
  expect(receipt).toMatchObject({ signalled: [], killed: [] });
  expect(web.view).toMatchObject({ phase: 'stopped', desired: 'down' });
  expect(web.view.retryAt).toBeUndefined();
  // That nothing happens can only be seen by waiting: for two delays.
  await expect(web.until('waiting', { timeoutMs: 400 })).rejects.toMatchObject({ code: 'PB_WAIT_TIMEOUT' });
  expect(linesOf(root, 'marks')).toHaveLength(1);
  expect(phasesOf(events, 'web')).toEqual(['waiting', 'starting', 'backoff', 'stopped']);
});

test('a start during backoff does not wait for it and begins with a fresh budget', async () => {
  const { manager, root } = await testManager({
    plugins: [retries(1, 60_000)],
    processes: {
      web: { command: marking('[ $(wc -l < marks) -lt 3 ] && exit 1; echo up; exec sleep 60'), ready: { log: 'up' } },
    },
  });
  const web = manager.process('web');
  await manager.start();
  await web.until(({ phase, attempt }) => phase === 'backoff' && attempt === 2);
  expect(await web.start()).toMatchObject({ phase: 'running', attempt: 0, generation: 3 });
  expect(linesOf(root, 'marks')).toHaveLength(3);
});

test('a fresh start after giving up clears the budget', async () => {
  const { manager, root } = await testManager({
    plugins: [retries(1, 1)],
    processes: { web: failing },
  });
  await manager.start();
  await manager.process('web').until('failed');
  await expect(manager.process('web').start()).rejects.toThrow('attempt 1');
  await manager.process('web').until('failed');
  expect(linesOf(root, 'marks')).toHaveLength(6);
});

test('one that crashes late is decided about in the same way, and knows how long it was ready', async () => {
  const exits: { wasReady: boolean; readyMs: number; uptimeMs: number; code: number | null }[] = [];
  const watching = plugin('watching', (ctx) => {
    ctx.hooks.decide.tap('watching', (view, exit) => {
      exits.push(exit);
      return view.attempt >= 1 ? undefined : { action: 'retry', delayMs: 0 };
    });
  });
  const { manager, root } = await testManager({
    plugins: [watching],
    processes: {
      web: { command: marking('echo up; until [ -e crash ]; do sleep 0.02; done; exit 9'), ready: { log: 'up' } },
    },
  });
  await manager.process('web').start();
  touch(root, 'crash');
  await manager.process('web').until('failed');
  expect(exits).toHaveLength(2);
  expect(exits[0]).toMatchObject({ code: 9, wasReady: true });
  expect(exits[0]?.readyMs).toBeGreaterThan(0);
  expect(exits[0]?.uptimeMs).toBeGreaterThanOrEqual(exits[0]?.readyMs ?? Number.NaN);
});

test('a plugin may call success what it likes: retry after 0, settle after 130, its own reason to give up', async () => {
  const opinions = plugin('opinions', (ctx) => {
    ctx.hooks.decide.tap('opinions', ({ name, attempt }) => {
      if (name === 'always') return attempt < 2 ? { action: 'retry', delayMs: 0 } : undefined;
      if (name === 'interrupted') return { action: 'settle' };
      return { action: 'giveUp', cause: { code: 'crashLoop', message: 'enough is enough', evidence: [] } };
    });
  });
  const { manager, root } = await testManager({
    plugins: [opinions],
    processes: {
      always: { command: marking('exit 0') },
      interrupted: { command: ['sh', '-c', 'exit 130'] },
      enough: { command: ['sh', '-c', 'exit 1'] },
    },
  });
  await manager.start();
  await Promise.all([
    manager.process('always').until(({ phase, generation }) => phase === 'completed' && generation === 3),
    manager.process('interrupted').until('completed'),
    manager.process('enough').until('failed'),
  ]);
  expect(linesOf(root, 'marks')).toHaveLength(3);
  expect(manager.process('interrupted').view.lastExit).toMatchObject({ code: 130, signal: null });
  expect(manager.process('enough').view.cause).toMatchObject({ code: 'crashLoop', message: 'enough is enough' });
});

test('without an opinion success settles it and anything else is a failure', async () => {
  const { manager } = await testManager({
    processes: {
      good: { command: ['sh', '-c', 'exit 0'] },
      bad: { command: ['sh', '-c', 'exit 3'] },
      killed: { command: ['sh', '-c', 'kill -9 $$'] },
      absent: { command: 'no-such-command-anywhere' },
    },
  });
  await manager.start();
  await manager.process('good').until('completed');
  const cause = async (name: string) => (await manager.process(name).until('failed')).cause;
  expect(await cause('bad')).toMatchObject({ code: 'exited', message: 'exited with code 3' });
  expect(await cause('killed')).toMatchObject({ code: 'signalled', message: 'killed by SIGKILL, not by promptbin' });
  expect(await cause('absent')).toMatchObject({ code: 'commandNotFound' });
});

test('a diagnosis is the cause that everybody sees', async () => {
  const doctor = plugin('doctor', (ctx) => {
    ctx.hooks.diagnose.tap('doctor', (_view, { exit, lines, events }) => {
      const known = lines.some(({ text }) => text.includes("No module named 'flask'"));
      if (!known || exit?.code !== 1 || events.length === 0) return undefined;
      return { code: 'missingModule', message: 'flask is not installed', evidence: lines.map(({ text }) => text) };
    });
  });
  const { manager, events } = await testManager({
    plugins: [doctor],
    processes: { web: { command: ['sh', '-c', `echo "No module named 'flask'"; exit 1`], ready: { log: 'up' } } },
  });
  const fault = await manager
    .process('web')
    .start()
    .catch((thrown) => thrown);
  expect(fault.message).toBe('web has failed: flask is not installed.');
  const expected = { code: 'missingModule', evidence: ["No module named 'flask'"] };
  expect(manager.process('web').view.cause).toMatchObject(expected);
  const exited = events.find(({ type }) => type === 'process.exited');
  expect(exited?.data).toMatchObject({ exit: { cause: expected }, lastLines: expected.evidence });
});

test('no retry starts beside what the last run left: that is ended first, and its port is free', async () => {
  const { manager, events } = await testManager({
    plugins: [retries(1)],
    processes: {
      web: {
        command: [process.execPath, fixture('serve.mjs'), '127.0.0.1', 'child'],
        port: 'auto',
        stop: { grace: '2s' },
      },
    },
  });
  const web = manager.process('web');
  const { pid, port } = await web.start();
  const listener = Number((await lineWith(web, 'listening')).split(' ')[1]);
  expect(listener).not.toBe(pid);
  let checked: unknown;
  manager.on('process.retry', () => {
    checked = { alive: isAlive(listener), phase: web.view.phase };
  });
  const freed = nextEvent(manager, ({ type }) => type === 'process.stopped');
  process.kill(pid as number, 'SIGKILL');
  expect((await freed).data).toMatchObject({ generation: 1, signalled: [listener], portsFreed: [port] });
  await web.until(({ ready, generation }) => ready && generation === 2);
  expect(checked).toEqual({ alive: false, phase: 'backoff' });
  // The URL stays.
  expect(web.view).toMatchObject({ port, restarts: 1 });
  expect(phasesOf(events, 'web').slice(2)).toEqual([
    'running',
    'stopping',
    'backoff',
    'waiting',
    'starting',
    'running',
  ]);
  await web.stop();
  expect(await canBind(port as number)).toBe(true);
});
