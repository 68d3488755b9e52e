import type { EventsResult, Manager } from '@promptbin/core';
import { expect, test } from 'vitest';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

const caller = { caller: 'test' };

async function list(manager: Manager, input: object = {}): Promise<EventsResult> {
  const answer = await manager.call('event.list', input, caller);
  expect(answer).toMatchObject({ ok: true });
  return (answer as { value: EventsResult }).value;
}

test('events are told in sentences, with what a program needs and without what is long', async () => {
  const { manager } = await testManager({
    processes: { web: { command: ['sh', '-c', 'echo boom; exit 7'], ready: { log: 'up' } } },
  });
  await manager.start();
  await manager.process('web').until('failed');
  const { events, nextCursor, dropped, summary } = await list(manager);
  expect(events.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^web spawned \(pid \d+\)$/),
    'web: exited with code 7 before it was ready',
    'web has failed: exited with code 7 before it was ready',
  ]);
  expect(events[1]).toEqual({
    seq: expect.any(Number),
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    type: 'process.exited',
    name: 'web',
    level: 'warn',
    text: 'web: exited with code 7 before it was ready',
    data: { generation: 1, exit: expect.objectContaining({ code: 7, cause: { code: 'exited' } }) },
  });
  expect({ dropped, summary }).toEqual({ dropped: 0, summary: '3 events' });
  expect(await list(manager, { cursor: nextCursor })).toMatchObject({ events: [], nextCursor, summary: 'nothing new' });
});

test('a cursor reads on page by page, and loses nothing', async () => {
  const { manager } = await testManager({ processes: { web: { command: ['sh', '-c', 'exit 7'] } } });
  await manager.start();
  await manager.process('web').until('failed');
  const all = (await list(manager)).events;
  expect((await list(manager, { limit: 1 })).events).toEqual(all.slice(-1));
  const pages: EventsResult['events'][number][] = [];
  for (let cursor = 0; pages.length < all.length; ) {
    const page = await list(manager, { cursor, limit: 1 });
    pages.push(...page.events);
    cursor = page.nextCursor;
  }
  expect(pages).toEqual(all);
});

test('a page is small enough for every client, however many events were asked for, and the next one goes on from there', async () => {
  let flood = (): void => {};
  const talker = plugin('talker', (ctx) => {
    const usage = { name: 'web', generation: 0, resource: 'cpu', max: 90 } as const;
    flood = () => {
      for (let value = 100; value < 500; value += 1) ctx.emit('process.limitWarning', { ...usage, value });
    };
  });
  const { manager } = await testManager({ plugins: [talker], processes: { web: { command: 'sleep 60' } } });
  flood();
  const { nextCursor: end } = await list(manager);
  const newest = await list(manager, { limit: 500 });
  expect(JSON.stringify(newest).length).toBeLessThan(32_000);
  expect(newest.events.at(-1)?.text).toContain('CPU 499 %');
  const pages: EventsResult[] = [];
  for (let cursor = 0; cursor < end; cursor = pages.at(-1)?.nextCursor ?? end) {
    pages.push(await list(manager, { cursor, limit: 500 }));
  }
  const values = pages.flatMap(({ events }) => events.flatMap(({ text }) => /CPU (\d+) %/.exec(text)?.[1] ?? []));
  expect(values).toEqual(Array.from({ length: 400 }, (_, index) => String(index + 100)));
  expect(pages[0]?.summary).toMatch(/^\d+ events \(\d+ more\)$/);
});

test('events of one process are told alone, also of one that is gone', async () => {
  const { manager } = await testManager({
    processes: { web: { command: 'sleep 60' }, db: { command: 'sleep 60' } },
  });
  await manager.start();
  await manager.process('db').until('ready');
  await manager.process('web').until('ready');
  await manager.reload({ processes: { web: { command: 'sleep 60' } } });
  const { events } = await list(manager, { name: 'db' });
  expect(new Set(events.map(({ name }) => name))).toEqual(new Set(['db']));
  expect(events.at(-1)?.type).toBe('process.removed');
  expect(await manager.call('event.list', { name: 'wep' }, caller)).toMatchObject({
    ok: false,
    error: { code: 'PB_PROCESS_UNKNOWN', hint: expect.stringContaining('web') },
  });
});

test('a long poll answers when something happens, with all that comes together', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  const { nextCursor } = await list(manager);
  const waiting = list(manager, { cursor: nextCursor, waitSec: 3600, name: 'web' });
  await manager.process('web').start();
  const { events } = await waiting;
  expect(events.map(({ type }) => type)).toContain('process.spawned');
  expect(events.map(({ text }) => text).some((text) => text.startsWith('web is ready'))).toBe(true);
});

test('what is not worth a sentence wakes nobody', async () => {
  let sample = (): void => {};
  const sampler = plugin('sampler', (ctx) => {
    sample = () =>
      ctx.emit('process.sample', { name: 'web', generation: 0, cpuPercent: 1, memoryBytes: 5, processes: 2 });
  });
  const { manager } = await testManager({ plugins: [sampler], processes: { web: { command: 'sleep 60' } } });
  const { nextCursor } = await list(manager);
  const waiting = list(manager, { cursor: nextCursor, waitSec: 0.3 });
  sample();
  const answer = await waiting;
  expect(answer).toMatchObject({ events: [], summary: 'nothing new' });
  expect(answer.nextCursor).toBeGreaterThan(nextCursor);
});

test('what is forgotten is counted, and a cursor of another manager is told', async () => {
  let flood = (): void => {};
  const talker = plugin('talker', (ctx) => {
    flood = () => {
      for (let count = 0; count < 12_000; count += 1) ctx.emit('resource.changed', { uris: ['x://y'] });
    };
  });
  const { manager } = await testManager({ plugins: [talker], processes: { web: { command: 'sleep 60' } } });
  flood();
  await manager.process('web').start();
  expect((await list(manager, { cursor: 1 })).dropped).toBeGreaterThan(1000);
  expect(await list(manager, { cursor: 1_000_000 })).toMatchObject({
    note: expect.stringContaining('1000000 is of a manager that has ended'),
    events: [{ type: 'process.spawned' }, {}],
  });
});

test('a poll ends at once when nobody needs it any more, and with the manager', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  const { nextCursor } = await list(manager);
  const gone = new AbortController();
  const input = { cursor: nextCursor, waitSec: 3600 };
  const waiting = manager.call('event.list', input, { ...caller, signal: gone.signal });
  const other = list(manager, { ...input, name: 'web' });
  gone.abort(new Error('disconnected'));
  expect(await waiting).toMatchObject({ ok: false, error: { message: expect.stringContaining('disconnected') } });
  await manager.close();
  expect(await other).toMatchObject({ events: expect.any(Array) });
});
