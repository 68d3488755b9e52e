import { definePlugin, type LogsResult, type Manager } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { lineWith, type TestManager, testManager } from '../support/project.ts';

const caller = { caller: 'test' };

/** A service that writes these lines, and stays. */
async function writing(
  texts: readonly string[],
  plugins: Parameters<typeof testManager>[0]['plugins'] = [],
): Promise<TestManager> {
  const script = `${texts.map((text) => `printf '%s\\n' '${text}'`).join('; ')}; echo end; exec sleep 60`;
  const project = await testManager({ plugins, processes: { web: { command: ['sh', '-c', script] } } });
  const web = project.manager.process('web');
  await web.start();
  await lineWith(web, 'end');
  return project;
}

async function read(manager: Manager, input: object = {}): Promise<LogsResult> {
  const answer = await manager.call('process.logs', { name: 'web', ...input }, caller);
  return (answer as { value: LogsResult }).value;
}

const textsOf = ({ lines }: LogsResult): readonly string[] => lines.map(({ text }) => text);

test('a pattern chooses lines, with those around them', async () => {
  const { manager } = await writing(['one', 'two', 'no table notes', 'four', 'five', 'no table users', 'seven']);
  expect(textsOf(await read(manager, { grep: 'no (table|column) \\w+' }))).toEqual([
    'no table notes',
    'no table users',
  ]);
  const around = await read(manager, { grep: 'notes', contextLines: 1 });
  expect(textsOf(around)).toEqual(['two', 'no table notes', 'four']);
  expect(await read(manager, { grep: 'table', tail: 1 })).toMatchObject({
    summary: '1 fitting line of web, older left out',
    lines: [{ text: 'no table users' }],
    truncated: true,
  });
  expect(await read(manager, { grep: 'nothing' })).toMatchObject({ lines: [], nextCursor: 8, truncated: false });
});

test('a pattern that is wrong, large or slow is refused at once, with what to do', async () => {
  const { manager } = await writing(['a'.repeat(5000)]);
  const call = (grep: string) => manager.call('process.logs', { name: 'web', grep }, caller);
  expect(await call('a(?=b)')).toMatchObject({
    ok: false,
    error: { code: 'PB_PATTERN_REFUSED', hint: expect.stringContaining('RE2') },
  });
  expect(await call('(')).toMatchObject({ ok: false, error: { code: 'PB_PATTERN_REFUSED' } });
  expect(await call('a'.repeat(10_000_000))).toMatchObject({ ok: false, error: { code: 'PB_COMMAND_INPUT' } });
  expect(await call('(a+)+$')).toMatchObject({ ok: true, value: { lines: [{ seq: 1 }] } });
});

test('a level chooses lines that are as grave, with their tracebacks', async () => {
  const { manager } = await writing([
    'INFO:root:started',
    'WARNING:root:old',
    'ERROR:root:failed',
    'Traceback (most recent call last):',
    '  File "app.py", line 3, in index',
    'KeyError: 1',
    'said without a level',
  ]);
  const failure = [
    'ERROR:root:failed',
    'Traceback (most recent call last):',
    '  File "app.py", line 3, in index',
    'KeyError: 1',
  ];
  expect(textsOf(await read(manager, { level: 'error' }))).toEqual(failure);
  expect(textsOf(await read(manager, { level: 'warn' }))).toEqual(['WARNING:root:old', ...failure]);
  expect((await read(manager, { level: 'info' })).lines).toHaveLength(8);
  expect(textsOf(await read(manager, { level: 'error', grep: 'KeyError' }))).toEqual(['KeyError: 1']);
});

test('repeats are one line that counts as one, and cursors stay those of lines', async () => {
  const { manager } = await writing(['begin', ...Array.from({ length: 40 }, (_, i) => `job ${i} done`)]);
  expect(await read(manager, { tail: 3 })).toMatchObject({
    summary: '3 lines of web',
    lines: [
      { seq: 1, text: 'begin' },
      { seq: 41, firstSeq: 2, repeats: 40, text: 'job 39 done ×40' },
      { seq: 42, text: 'end' },
    ],
    nextCursor: 42,
    truncated: false,
  });
  expect(await read(manager, { cursor: 38 })).toMatchObject({
    lines: [{ firstSeq: 39, seq: 41, repeats: 3 }, { seq: 42 }],
  });
});

test('requests of health checks are hidden and counted, unless a pattern looks for them or they fail', async () => {
  const probes = definePlugin({
    name: 'probes',
    options: z.undefined(),
    fields: z.undefined(),
    provides: ['probes'],
    setup: (ctx) =>
      ctx.provide('probes', { requests: () => [{ method: 'GET', path: '/health' }], check: async () => [] }),
  });
  const access = (target: string, status: number): string =>
    `127.0.0.1 - - [26/Nov/2026 04:14:13] "GET ${target} HTTP/1.1" ${status} -`;
  const asked = [access('/health', 200), access('/', 200), access('/health', 500), access('/health', 200)];
  const { manager } = await writing(asked, [probes()]);
  const shown = await read(manager);
  expect(textsOf(shown)).toEqual([access('/', 200), access('/health', 500), 'end']);
  expect(shown).toMatchObject({ filteredOut: 2, summary: '3 lines of web, 2 lines of health checks hidden' });
  expect(await read(manager, { grep: '/health' })).toMatchObject({ filteredOut: 0, lines: [{}, {}, {}] });
  // The stream of the terminal has them all.
  expect(manager.process('web').logs().lines).toHaveLength(5);
});

test('a cursor of another manager is told, and everything is new then', async () => {
  const { manager } = await writing(['one']);
  const answer = await read(manager, { cursor: 9000 });
  expect(textsOf(answer)).toEqual(['one', 'end']);
  expect(answer).toMatchObject({
    note: expect.stringContaining('9000 is of a manager that has ended'),
    summary: expect.stringContaining('9000'),
    nextCursor: 2,
    dropped: 0,
  });
});
