import type { ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import { nextEvent, testManager } from '../support/project.ts';

const web = { processes: { web: { command: 'sleep 60' } } };
const caller = { caller: 'test' };

async function take(events: AsyncIterable<ManagerEvent>, count: number): Promise<ManagerEvent[]> {
  const taken: ManagerEvent[] = [];
  for await (const event of events) if (taken.push(event) === count) break;
  return taken;
}

test('events are numbered without gaps, frozen, and the same for everyone', async () => {
  const { manager, events } = await testManager(web);
  await manager.process('web').start();
  await manager.process('web').stop();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.map(({ type }) => type)).toEqual([
    'config.loaded',
    'manager.started',
    'process.desired',
    'process.phase',
    'process.spawned',
    'process.phase',
    'process.condition',
    'process.phase',
    'manager.guarded',
    'process.desired',
    'process.phase',
    'process.exited',
    'process.stopped',
    'process.phase',
  ]);
  for (const event of events) {
    expect(Object.isFrozen(event) && Object.isFrozen(event.data)).toBe(true);
  }
  expect(await take(manager.subscribe({ after: 0 }), events.length)).toEqual(events);
});

test('a subscription replays what came after a cursor, and else begins with its own beginning', async () => {
  const { manager, events } = await testManager(web);
  const later = manager.subscribe();
  await manager.process('web').start();
  const listed = await manager.call('process.list', {}, caller);
  expect(listed).toMatchObject({ ok: true, value: { eventCursor: events.length } });
  expect((await take(manager.subscribe({ after: 5 }), 1))[0]).toBe(events[5]);
  // Nothing is lost between the call and the first reading.
  expect((await take(later, 1))[0]).toBe(events[2]);
  const none = manager.subscribe({ after: events.length });
  const next = take(none, 1);
  await manager.process('web').stop();
  expect((await next)[0]?.seq).toBe(9 + 1);
});

test('a slow reader gets everything all the same', async () => {
  const { manager, events } = await testManager(web);
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { seq } of manager.subscribe({ after: 0 })) {
      seen.push(seq);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let count = 0; count < 3; count += 1) await manager.process('web').restart();
  await manager.close();
  await reading;
  expect(seen).toEqual(events.map(({ seq }) => seq));
});

test('a subscription ends when it is aborted, before, while it waits and while it replays', async () => {
  const { manager } = await testManager(web);
  const before = new AbortController();
  before.abort();
  expect(await take(manager.subscribe({ after: 0, signal: before.signal }), 99)).toEqual([]);
  const waiting = new AbortController();
  const nothing = take(manager.subscribe({ signal: waiting.signal }), 99);
  waiting.abort();
  expect(await nothing).toEqual([]);
  const replaying = new AbortController();
  const seen: string[] = [];
  for await (const { type } of manager.subscribe({ after: 0, signal: replaying.signal })) {
    seen.push(type);
    replaying.abort();
  }
  expect(seen).toEqual(['config.loaded']);
});

test('a listener sees the manager as it is after the whole turn', async () => {
  const { manager } = await testManager(web);
  const seen: unknown[] = [];
  manager.on('process.spawned', () => seen.push(manager.process('web').view.phase));
  await manager.process('web').start();
  expect(seen).toEqual(['running']);
});

test('a listener that is taken back hears nothing more', async () => {
  const { manager } = await testManager(web);
  const heard: string[] = [];
  {
    using _ = manager.on('process.spawned', () => heard.push('spawned'));
    await manager.process('web').start();
  }
  await manager.process('web').restart();
  expect(heard).toEqual(['spawned']);
});

test('what a listener asks for is handled after the turn that it heard of', async () => {
  const { manager } = await testManager(web);
  const handle = manager.process('web');
  manager.on('process.phase', ({ data }) => {
    if (data.to === 'starting' && data.generation === 1) void handle.restart().catch(() => undefined);
  });
  await manager.start();
  expect(await handle.until(({ ready, generation }) => ready && generation === 2)).toMatchObject({ phase: 'running' });
});

test.each([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  ['rejects', () => Promise.reject(new Error('boom'))],
])('a listener that %s is named, disturbs nobody, and is called no more after five times', async (_, fn) => {
  const { manager, events } = await testManager(web);
  let calls = 0;
  manager.on('process.phase', () => {
    calls += 1;
    return fn() as never;
  });
  const heard: string[] = [];
  manager.on('process.phase', ({ data }) => heard.push(data.to));
  for (let count = 0; count < 3; count += 1) await manager.process('web').restart();
  expect(calls).toBe(5);
  expect(heard.length).toBeGreaterThan(5);
  const faults = events.flatMap(({ type, data }) => (type === 'plugin.fault' ? [data] : []));
  expect(faults).toHaveLength(5);
  expect(faults[0]).toEqual({
    plugin: '(listener)',
    hook: 'process.phase',
    code: 'PB_PLUGIN_THREW',
    message: 'A listener of "process.phase": boom.',
  });
});

test('a listener that fails at the fault that it causes does not go round for ever', async () => {
  const { manager, events } = await testManager(web);
  manager.on('plugin.fault', () => {
    throw new Error('boom');
  });
  manager.on('process.spawned', () => {
    throw new Error('the first');
  });
  expect(await manager.process('web').start()).toMatchObject({ ready: true });
  expect(events.filter(({ type }) => type === 'plugin.fault')).toHaveLength(6);
});

test('a condition of `until` that throws rejects, and disturbs nobody', async () => {
  const { manager, events } = await testManager(web);
  const handle = manager.process('web');
  const broken = (): boolean => {
    throw new Error('boom');
  };
  await expect(async () => handle.until(broken)).rejects.toThrow('boom');
  const later = handle.until(({ phase }) => phase === 'running' && broken());
  const caught = expect(later).rejects.toThrow('boom');
  expect(await handle.start()).toMatchObject({ ready: true });
  await caught;
  expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
});

test('a log that throws at everything does not stop the manager', async () => {
  const log = {
    write(): void {
      throw new Error('disk full');
    },
  };
  const { manager, events } = await testManager(web, { log });
  expect(await manager.process('web').start()).toMatchObject({ ready: true });
  const told = nextEvent(manager, ({ type }) => type === 'manager.closing');
  await manager.close();
  await told;
  expect(events.some(({ type, data }) => type === 'manager.defect' && data.message === 'disk full')).toBe(true);
});
