import type { Cause, PluginContext, ProcessView } from '@promptbin/core';
import { expect, test } from 'vitest';
import { isAlive } from '../support/alive.ts';
import { plugin, retries } from '../support/plugins.ts';
import { phasesOf, testManager } from '../support/project.ts';

declare module '@promptbin/core' {
  interface EventMap {
    'test.seen': { readonly what: string };
  }
}

const sleeping = { command: 'sleep 60' };
const cause = (message: string): Cause => ({ code: 'unhealthy', message, evidence: ['HTTP 503'] });

/** A manager with one process, seen from inside a plugin. */
async function inside(...others: ReturnType<typeof plugin>[]) {
  let ctx: PluginContext<undefined, undefined, never> | undefined;
  const insider = plugin('insider', (given) => {
    ctx = given;
  });
  const testing = await testManager({ plugins: [insider, ...others], processes: { web: sleeping } });
  if (ctx === undefined) throw new Error('no setup');
  const context = ctx;
  const view = (): ProcessView => context.processes()[0] as ProcessView;
  return { ...testing, ctx: context, view, web: testing.manager.process('web') };
}

test('a plugin starts, restarts and stops as a person would, with its own reason', async () => {
  const { ctx, view, web, events } = await inside();
  ctx.request('start', view(), { code: 'scheduled', message: 'it is time', evidence: [] });
  await web.until('ready');
  ctx.request('restart', view(), { code: 'filesChanged', message: 'app.py has changed', evidence: ['app.py'] });
  await web.until(({ ready, generation }) => ready && generation === 2);
  ctx.request('stop', view(), { code: 'scheduled', message: 'it is late', evidence: [] });
  await web.until('stopped');
  const told = events.flatMap(({ type, data }) =>
    type === 'process.phase' && data.by !== 'admitted' && data.by !== 'ready' ? [[data.by, data.cause?.message]] : [],
  );
  expect(told).toEqual([
    ['start', 'it is time'],
    ['restart', 'app.py has changed'],
    ['relaunch', 'app.py has changed'],
    ['stop', 'it is late'],
    ['reaped', 'it is late'],
  ]);
});

test('what a plugin asks about a run that is gone is dropped', async () => {
  const { ctx, view, web, events } = await inside();
  await web.start();
  const old = view();
  await web.restart();
  for (const action of ['start', 'stop', 'restart', 'fail'] as const) ctx.request(action, old, cause('late'));
  ctx.condition(old, 'healthy', { status: 'false', reason: 'ProbeFailed', message: 'late' });
  expect(view()).toMatchObject({ phase: 'running', generation: 2, ready: true });
  expect(view().healthy).toBeUndefined();
  expect(JSON.stringify(events)).not.toContain('late');
  // The same about this run is not.
  ctx.condition(view(), 'healthy', { status: 'false', reason: 'ProbeFailed', message: 'now' });
  expect(view()).toMatchObject({ healthy: false });
});

test('a condemned run is ended, then decided about, and its exit code is no success', async () => {
  const { ctx, view, web, events } = await inside(retries(1));
  const { pid } = await web.start();
  ctx.request('fail', view(), cause('HTTP 503 ×3'));
  await web.until(({ ready, generation }) => ready && generation === 2);
  expect(isAlive(pid as number)).toBe(false);
  expect(phasesOf(events, 'web').slice(3)).toEqual(['stopping', 'backoff', 'waiting', 'starting', 'running']);
  const exited = events.find(({ type }) => type === 'process.exited');
  expect(exited?.data).toMatchObject({ exit: { condemned: true, wasReady: true, cause: cause('HTTP 503 ×3') } });
  ctx.request('fail', view(), cause('again'));
  expect(await web.until('failed')).toMatchObject({ cause: cause('again'), attempt: 1 });
});

test('of many reasons to condemn a run the first counts', async () => {
  const { ctx, view, web } = await inside();
  await web.start();
  ctx.request('fail', view(), cause('first'));
  ctx.request('fail', view(), cause('second'));
  expect((await web.until('failed')).cause?.message).toBe('first');
});

test('a stop while a condemned run ends means stop', async () => {
  const { ctx, view, web, events } = await inside(retries(1, 1));
  await web.start();
  ctx.request('fail', view(), cause('bad'));
  await web.stop();
  expect(web.view).toMatchObject({ phase: 'stopped', desired: 'down' });
  expect(events.filter(({ type }) => type === 'process.spawned')).toHaveLength(1);
});

test('readiness may be lost and come back without touching the process', async () => {
  const { ctx, view, web, events } = await inside();
  const { pid } = await web.start();
  ctx.condition(view(), 'ready', { status: 'false', reason: 'ProbeFailed', message: 'HTTP 503' });
  expect(view()).toMatchObject({ phase: 'running', ready: false, pid });
  ctx.condition(view(), 'ready', { status: 'true', reason: 'ProbeSucceeded' });
  // The same once more is no news.
  ctx.condition(view(), 'ready', { status: 'true', reason: 'ProbeSucceeded' });
  expect(view()).toMatchObject({ phase: 'running', ready: true, pid });
  const told = events.flatMap(({ type, data }) => (type === 'process.condition' ? [data.value.status] : []));
  expect(told).toEqual(['true', 'false', 'true']);
});

test('another verdict about what fails is news, more of the same is not, and the status keeps its time', async () => {
  const { ctx, view, web, events } = await inside();
  await web.start();
  const fail = (verdict: 'transient' | 'flapping', failures: number): void =>
    ctx.condition(view(), 'ready', {
      status: 'true',
      reason: 'CheckFailing',
      message: 'HTTP 503',
      failing: { verdict, failures, since: 1, lastGoodAt: 0 },
    });
  const { since } = view().conditions.ready;
  fail('transient', 1);
  fail('transient', 2);
  fail('flapping', 3);
  expect(view()).toMatchObject({ ready: true, conditions: { ready: { since, failing: { verdict: 'flapping' } } } });
  ctx.condition(view(), 'ready', { status: 'true', reason: 'CheckPassed' });
  expect(view().conditions.ready).not.toHaveProperty('failing');
  const told = events.flatMap(({ type, data }) =>
    type === 'process.condition' ? [data.value.failing?.failures ?? 'good'] : [],
  );
  expect(told).toEqual(['good', 1, 3, 'good']);
  ctx.condition(view(), 'ready', { status: 'true', reason: 'Odd', failing: { verdict: 'odd' } as never });
  expect(view().conditions.ready.reason).toBe('CheckPassed');
});

test('no plugin can say ready before core does', async () => {
  let answer = (_ready: boolean): void => {};
  let context: PluginContext<undefined, undefined, never> | undefined;
  const holding = plugin('holding', (ctx) => {
    context = ctx;
    ctx.hooks.readiness.tap('holding', (_view, barrier) => {
      barrier.waitFor(
        'word',
        () =>
          new Promise((resolve) => {
            answer = (ready) => resolve(ready ? { ready } : { ready: false, why: 'no' });
          }),
      );
    });
  });
  const { manager } = await testManager({ plugins: [holding], processes: { web: sleeping } });
  const web = manager.process('web');
  const started = web.start();
  const view = await web.until('starting');
  context?.condition(view, 'ready', { status: 'true', reason: 'TooEarly' });
  expect(web.view.conditions.ready).toMatchObject({ status: 'false', reason: 'Starting' });
  answer(true);
  expect(await started).toMatchObject({ ready: true });
});

test('a plugin states facts of its own, which everybody hears and which change nothing', async () => {
  const { ctx, manager, view } = await inside();
  const heard: string[] = [];
  manager.on('test.seen', ({ data }) => heard.push(data.what));
  const before = view();
  ctx.emit('test.seen', { what: 'a comet' });
  expect(heard).toEqual(['a comet']);
  expect(view()).toEqual(before);
});

test('a plugin cannot forge what core states', async () => {
  const { ctx, web, view, events } = await inside();
  await web.start();
  const { generation } = view();
  ctx.emit('process.phase', { name: 'web', generation, from: 'running', to: 'stopped', by: 'stop' });
  ctx.emit('process.exited', { name: 'web' } as never);
  expect(view()).toMatchObject({ phase: 'running', ready: true });
  expect(phasesOf(events, 'web')).toEqual(['waiting', 'starting', 'running']);
  const faults = events.flatMap(({ type, data }) => (type === 'plugin.fault' ? [data] : []));
  expect(faults).toMatchObject([
    { plugin: 'insider', hook: 'emit', code: 'PB_PLUGIN_NONSENSE' },
    { plugin: 'insider', hook: 'emit', code: 'PB_PLUGIN_NONSENSE' },
  ]);
});

test('a request that is none is blamed, not handled', async () => {
  const { ctx, view, web, events } = await inside();
  await web.start();
  ctx.request('kill' as never, view(), cause('x'));
  ctx.request('restart', view(), undefined as never);
  ctx.request('restart', undefined as never, cause('x'));
  ctx.condition(view(), 'healthy', { status: 'maybe' } as never);
  ctx.condition(view(), 'phase' as never, { status: 'true', reason: 'x' });
  expect(view()).toMatchObject({ phase: 'running', generation: 1 });
  expect(view().healthy).toBeUndefined();
  expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
  const faults = events.flatMap(({ type, data }) => (type === 'plugin.fault' ? [data.hook] : []));
  expect(faults).toEqual(['request', 'request', 'request', 'condition', 'condition']);
});

test('a plugin tells which resources have changed, and only in the shape that every reader knows', async () => {
  const { ctx, manager } = await inside();
  const told: unknown[] = [];
  manager.on('resource.changed', ({ data }) => told.push(data));
  const faults: string[] = [];
  manager.on('plugin.fault', ({ data }) => faults.push(data.message));
  ctx.emit('resource.changed', { uris: ['notes://1'], listChanged: true });
  ctx.emit('resource.changed', { uris: 'notes://1' } as never);
  ctx.emit('resource.changed', { uris: [''], listChanged: true });
  ctx.emit('resource.changed', { uris: [], listChanged: false as never });
  ctx.emit('resource.changed', { uris: ['notes://2'] });
  expect(told).toEqual([{ uris: ['notes://1'], listChanged: true }, { uris: ['notes://2'] }]);
  expect(faults).toHaveLength(3);
  expect(faults[0]).toContain('{ uris, listChanged? }');
});
