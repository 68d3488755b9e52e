import { expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { linesOf, touch } from '../support/files.ts';
import { lineWith, phasesOf, testManager } from '../support/project.ts';

const marking = (script: string): [string, ...string[]] => ['sh', '-c', `echo $$ >> marks; ${script}`];
/** Ends on SIGTERM when the file `go` is there, and says `ending` when asked. */
const slowToStop = marking(
  'trap "touch ending; until [ -e go ]; do sleep 0.02; done; exit 0" TERM; echo up; while :; do sleep 0.02; done',
);
const up = { ready: { log: 'up' } };

/** Ready as soon as it is marked. */
const marked = { command: marking('echo up; exec sleep 60'), ...up };

test('a restart ends the old run before the new one begins, and keeps what caused it', async () => {
  const { manager, events } = await testManager({ processes: { web: marked } });
  const web = manager.process('web');
  const before = await web.start();
  const after = await web.restart('the config has changed');
  expect(after).toMatchObject({ ready: true, generation: 2, restarts: 1 });
  expect(after.pid).not.toBe(before.pid);
  expect(isAlive(before.pid as number)).toBe(false);
  expect(phasesOf(events, 'web')).toEqual([
    'waiting',
    'starting',
    'running',
    'stopping',
    'waiting',
    'starting',
    'running',
  ]);
  const order = events.flatMap(({ type, data }) =>
    type === 'process.spawned' || type === 'process.exited' ? [`${type} ${data.generation}`] : [],
  );
  expect(order).toEqual(['process.spawned 1', 'process.exited 1', 'process.spawned 2']);
  const causes = events.flatMap(({ type, data }) =>
    type === 'process.phase' && data.to === 'stopping' ? [data.cause] : [],
  );
  expect(causes).toMatchObject([{ code: 'requested', message: 'the config has changed' }]);
});

test('twenty restarts at once are one', async () => {
  const { manager, root, events } = await testManager({ processes: { web: marked } });
  const web = manager.process('web');
  await web.start();
  const views = await Promise.all(Array.from({ length: 20 }, () => web.restart()));
  expect(new Set(views.map(({ pid }) => pid)).size).toBe(1);
  const pids = linesOf(root, 'marks').map(Number);
  expect(pids).toHaveLength(2);
  expect(pids.filter(isAlive)).toEqual([web.view.pid]);
  expect(web.view).toMatchObject({ ready: true, generation: 2, restarts: 1 });
  expect(phasesOf(events, 'web').filter((phase) => phase === 'stopping')).toHaveLength(1);
});

test('a start during a slow stop waits for it', async () => {
  const { manager, root, events } = await testManager({ processes: { web: { command: slowToStop, ...up } } });
  const web = manager.process('web');
  const { pid } = await web.start();
  const stopped = web.stop();
  const started = web.start();
  expect(web.view).toMatchObject({ phase: 'stopping', desired: 'up' });
  touch(root, 'go');
  const [receipt, view] = await Promise.all([stopped, started]);
  expect(receipt).toMatchObject({ killed: [], escaped: [], name: 'web' });
  expect(receipt.signalled).toContain(pid);
  expect(isAlive(pid as number)).toBe(false);
  expect(linesOf(root, 'marks')).toEqual([String(pid), String(view.pid)]);
  expect(phasesOf(events, 'web').slice(3)).toEqual(['stopping', 'waiting', 'starting', 'running']);
  // It was stopped and started, which is not a restart.
  expect(view).toMatchObject({ generation: 2, restarts: 0 });
});

test('a stop during a restart wins', async () => {
  const { manager, root } = await testManager({ processes: { web: { command: slowToStop, ...up } } });
  const web = manager.process('web');
  await web.start();
  const restarted = web.restart().catch((fault: unknown) => fault);
  const stopped = web.stop();
  touch(root, 'go');
  await stopped;
  expect(await restarted).toMatchObject({ code: 'PB_START_FAILED', details: { phase: 'stopped' } });
  expect(web.view).toMatchObject({ phase: 'stopped', desired: 'down' });
  expect(linesOf(root, 'marks')).toHaveLength(1);
});

test('a restart during a stop wins', async () => {
  const { manager, root } = await testManager({ processes: { web: { command: slowToStop, ...up } } });
  const web = manager.process('web');
  await web.start();
  const stopped = web.stop();
  const restarted = web.restart();
  touch(root, 'go');
  expect(await restarted).toMatchObject({ ready: true, generation: 2, restarts: 1, desired: 'up' });
  expect((await stopped).escaped).toEqual([]);
});

test('a start during a restart asks for nothing more', async () => {
  const { manager, root } = await testManager({ processes: { web: { command: slowToStop, ...up } } });
  const web = manager.process('web');
  await web.start();
  const restarted = web.restart();
  const started = web.start();
  touch(root, 'go');
  const views = await Promise.all([restarted, started]);
  expect(views).toMatchObject([
    { generation: 2, restarts: 1 },
    { generation: 2, restarts: 1 },
  ]);
});

test('a restart while it starts begins anew', async () => {
  const { manager, root } = await testManager({
    processes: {
      web: { command: marking('echo first; until [ -e go ]; do sleep 0.02; done; echo up; exec sleep 60'), ...up },
    },
  });
  const web = manager.process('web');
  const first = web.start();
  await lineWith(web, 'first');
  const second = web.restart();
  await web.until(({ generation, phase }) => generation === 2 && phase === 'starting');
  touch(root, 'go');
  const views = await Promise.all([first, second]);
  expect(new Set(views.map(({ generation }) => generation))).toEqual(new Set([2]));
  expect(linesOf(root, 'marks')).toHaveLength(2);
});

test('a restart of something that does not run starts it', async () => {
  const { manager } = await testManager({
    processes: { web: { command: 'sleep 60' }, job: { kind: 'job', command: 'true' } },
  });
  expect(await manager.process('web').restart()).toMatchObject({ ready: true, generation: 1, restarts: 0 });
  await manager.process('job').start();
  expect(await manager.process('job').restart()).toMatchObject({ phase: 'completed', generation: 2, restarts: 1 });
});

test('what is said about a run that is gone is dropped', async () => {
  const { manager, events } = await testManager({ processes: { web: { command: slowToStop, ...up } } });
  const web = manager.process('web');
  await web.start();
  process.kill(web.view.pid as number, 'SIGKILL');
  const restarting = web.restart();
  expect(await restarting).toMatchObject({ ready: true, generation: 2 });
  const exits = events.filter(({ type }) => type === 'process.exited');
  expect(exits).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
});
