import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManager, type EventsResult, type Manager, type ManagerEvent } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { counted, recorded, seqs } from '../journal/harness.ts';
import { testManager } from '../support/project.ts';

const config = { processes: { job: { command: 'true', kind: 'job' } } } as const;
const caller = { caller: 'test' };

async function projectFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

const journalIn = (root: string): string => join(root, '.promptbin', 'journal');

/** A manager that holds its project. */
async function manage(root: string): Promise<Manager> {
  const manager = await createManager(config, { root, journal: true, log: false });
  onTestFinished(async () => void (await manager.close()));
  return manager;
}

/** One that has run its job and ended; all that is on record then. */
async function manageOnce(root: string): Promise<readonly ManagerEvent[]> {
  const manager = await manage(root);
  await manager.process('job').start();
  await manager.close();
  return recorded(journalIn(root));
}

async function list(manager: Manager, input: object): Promise<EventsResult> {
  const answer = await manager.call('event.list', input, caller);
  expect(answer).toMatchObject({ ok: true });
  return (answer as { value: EventsResult }).value;
}

/** The event by which a manager has started. */
async function startOf(manager: Manager): Promise<ManagerEvent<'manager.started'>> {
  const status = await manager.call('manager.status', {}, caller);
  const { startCursor } = (status as { value: { startCursor: number } }).value;
  for await (const event of manager.subscribe({ after: startCursor }))
    if (event.type === 'manager.started') return event;
  throw new Error('it has not started');
}

test('all that a manager states is on record, to its end', async () => {
  const root = await projectFolder();
  const manager = await manage(root);
  const heard: ManagerEvent[] = [];
  const reading = (async () => {
    for await (const event of manager.subscribe({ after: 0 })) heard.push(event);
  })();
  await manager.process('job').start();
  await manager.call('manager.stop', {}, caller);
  await reading;
  const events = await recorded(journalIn(root));
  expect(events.slice(0, heard.length)).toEqual(heard);
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['manager.closed', 'command.called']);
});

test('the next manager goes on counting, and whoever reads on misses nothing', async () => {
  const root = await projectFolder();
  const before = await manageOnce(root);
  const manager = await manage(root);
  await manager.process('job').start();
  const seen: ManagerEvent[] = [];
  for await (const event of manager.subscribe({ after: 3 })) {
    seen.push(event);
    if (event.seq > before.length && event.type === 'process.exited') break;
  }
  expect(seen.slice(0, before.length - 3)).toEqual(before.slice(3));
  expect(seqs(seen)).toEqual(counted(4, seen.at(-1)?.seq as number));
  const { previous } = (await startOf(manager)).data;
  expect(previous).toEqual({ pid: process.pid, lastAt: before.at(-1)?.at, endedCleanly: true });
});

test('events are listed from an old cursor page by page, also of a process that there is no more', async () => {
  const root = await projectFolder();
  await manageOnce(root);
  const manager = await createManager({ processes: { web: { command: 'sleep 60' } } }, { root, journal: true });
  onTestFinished(async () => void (await manager.close()));
  await manager.process('web').start();
  const all = await list(manager, { cursor: 0, limit: 500 });
  expect(all).toMatchObject({ dropped: 0 });
  expect(new Set(all.events.map(({ name }) => name))).toEqual(new Set(['job', undefined, 'web']));
  const paged: EventsResult['events'][number][] = [];
  for (let cursor = 0; paged.length < all.events.length; ) {
    const page = await list(manager, { cursor, limit: 1 });
    paged.push(...page.events);
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(all.events);
  const { events } = await list(manager, { cursor: 0, name: 'job' });
  expect(events.map(({ text }) => text)).toContain('job has completed');
});

test('without a cursor the newest events of this manager are listed', async () => {
  const root = await projectFolder();
  const { length } = await manageOnce(root);
  const manager = await manage(root);
  await manager.process('job').start();
  const { events, dropped } = await list(manager, {});
  expect(events.length).toBeGreaterThan(0);
  for (const { seq } of events) expect(seq).toBeGreaterThan(length);
  expect(dropped).toBe(0);
});

test('a cursor that nothing has reached is answered with what this manager has stated', async () => {
  const root = await projectFolder();
  const { length } = await manageOnce(root);
  const manager = await manage(root);
  await manager.process('job').start();
  const { events, note } = await list(manager, { cursor: 1_000_000 });
  expect(note).toBe(
    `cursor 1000000 is of a manager that has ended, and this one counts from ${length + 1}: all is new`,
  );
  expect(events[0]?.seq).toBeGreaterThan(length);
});

test('what has been taken out of the journal is counted', async () => {
  const root = await projectFolder();
  const before = await manageOnce(root);
  const [name = ''] = readdirSync(journalIn(root));
  const kept = before.slice(-2).map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(journalIn(root), name), kept.join(''));
  const manager = await manage(root);
  const { dropped, summary } = await list(manager, { cursor: 0 });
  expect(dropped).toBe(before.length - 2);
  expect(summary).toContain(`${dropped} older no longer kept`);
});

test('what another version has recorded is told by its name, and holds nobody up', async () => {
  const root = await projectFolder();
  mkdirSync(journalIn(root), { recursive: true });
  const types = ['process.exited', 'process.phase', 'config.reloaded', 'of.later'];
  const lines = types.map((type, index) => `${JSON.stringify({ seq: index + 1, at: 0, type, data: {} })}\n`);
  writeFileSync(join(journalIn(root), '0000000000000001.ndjson'), lines.join(''));
  const { events } = await list(await manage(root), { cursor: 0 });
  expect(events.map(({ type }) => type).filter((type) => types.includes(type))).toEqual([
    'process.exited',
    'config.reloaded',
  ]);
  expect(events[0]?.text).toBe('process.exited');
});

test('a torn line is dropped, and that is stated first', async () => {
  const root = await projectFolder();
  const { length } = await manageOnce(root);
  const [name = ''] = readdirSync(journalIn(root));
  const file = join(journalIn(root), name);
  appendFileSync(file, `{"seq":${length + 1},"at":17`);
  await (await manage(root)).close();
  const events = await recorded(journalIn(root));
  expect(events[length]).toMatchObject({ seq: length + 1, type: 'journal.recovered', data: { file, bytes: 17 } });
  expect(seqs(events)).toEqual(counted(1, events.length));
});

test('a journal that cannot be read is left alone, and that is stated', async () => {
  const root = await projectFolder();
  mkdirSync(join(root, '.promptbin'));
  writeFileSync(journalIn(root), 'mine');
  const manager = await manage(root);
  const { events } = await list(manager, { cursor: 0 });
  expect(events).toMatchObject([
    { seq: 1, type: 'journal.fault', text: expect.stringMatching(/cannot read .*journal.*counted from 1.*ENOTDIR/) },
  ]);
  await expect(manager.process('job').start()).resolves.toMatchObject({ phase: 'completed' });
});

test('a manager that does not hold the project writes no journal', async () => {
  const { manager, root, events } = await testManager(config);
  await manager.process('job').start();
  await manager.close();
  expect(existsSync(journalIn(root))).toBe(false);
  expect(events[0]?.seq).toBe(1);
});

test('a manager whose config is wrong leaves the journal to the next', async () => {
  const root = await projectFolder();
  const { length } = await manageOnce(root);
  await expect(createManager({ processes: { job: {} } } as never, { root, journal: true })).rejects.toThrow();
  const { previous } = (await startOf(await manage(root))).data;
  expect(previous).toMatchObject({ endedCleanly: true });
  expect(seqs(await recorded(journalIn(root)))[length]).toBe(length + 1);
});
