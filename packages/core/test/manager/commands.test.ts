import { definePlugin, type GetResult, type ListResult, type LogsResult, toolSpecs } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { touch } from '../support/files.ts';
import { plugin, retries } from '../support/plugins.ts';
import { lineWith, testManager } from '../support/project.ts';

type Command = [string, ...string[]];
const shell = (script: string): Command => ['sh', '-c', script];
const caller = { caller: 'test' };
const sleeping = { command: 'sleep 60' };

test('every command has a schema and a summary, and those for agents are the ones of the specifications', async () => {
  const { manager } = await testManager({ processes: {} });
  const commands = await manager.commands();
  expect(commands.map(({ name }) => name)).toEqual([
    ...toolSpecs.map(({ name }) => name),
    'process.config',
    'process.output',
    'process.resources',
    'plugin.list',
    'manager.status',
    'manager.stop',
  ]);
  for (const { name, summary, input } of commands) {
    expect(input, name).toMatchObject({ type: 'object', additionalProperties: false });
    expect(summary, name).toMatch(/\.$/);
  }
  expect(JSON.parse(JSON.stringify(commands))).toEqual(commands);
});

test.each([
  ['process.strat', { name: 'web' }, { code: 'PB_COMMAND_UNKNOWN', hint: 'Did you mean "process.start"?' }],
  ['quux', {}, { code: 'PB_COMMAND_UNKNOWN', hint: expect.stringContaining('Use one of: process.list') }],
  ['process.start', {}, { code: 'PB_COMMAND_INPUT', message: expect.stringContaining('name') }],
  [
    'process.start',
    { name: 'web', wiat: 'none' },
    { code: 'PB_COMMAND_INPUT', message: expect.stringContaining('wiat') },
  ],
  ['process.start', 'web', { code: 'PB_COMMAND_INPUT' }],
  ['process.logs', { name: 'web', tail: 0 }, { code: 'PB_COMMAND_INPUT' }],
  ['process.stop', { name: 'wep' }, { code: 'PB_PROCESS_UNKNOWN', hint: 'Did you mean "web"? Known: web.' }],
])('%s with %j is refused', async (name, input, error) => {
  const { manager } = await testManager({ processes: { web: sleeping } });
  expect(await manager.call(name, input, caller)).toMatchObject({ ok: false, error });
});

test('list and get show the status of all and of one', async () => {
  const { manager } = await testManager({ processes: { web: sleeping, bad: { command: shell('exit 3') } } });
  await manager.start();
  await manager.process('web').until('ready');
  await manager.process('bad').until('failed');
  const all = await manager.call('process.list', undefined, caller);
  expect(all).toMatchObject({
    ok: true,
    value: {
      summary: '1 of 2 processes ready; bad has failed: exited with code 3',
      processes: [{ name: 'web' }, { name: 'bad' }],
    },
  });
  const failed = await manager.call('process.list', { phase: 'failed' }, caller);
  expect((failed as { value: ListResult }).value.processes.map(({ name }) => name)).toEqual(['bad']);
  const one = await manager.call('process.get', { name: 'web' }, caller);
  const { pid } = manager.process('web').view;
  expect(one).toMatchObject({ ok: true, value: { name: 'web', phase: 'running', pid, logCursor: 0 } });
  expect((one as { value: GetResult }).value.summary).toMatch(/^web is ready \(pid \d+, up 0 s, 0 restarts\)$/);
});

test('get shows the newest sample of this run', async () => {
  let sample = (_memoryBytes: number): void => {};
  const sampler = plugin('sampler', (ctx) => {
    sample = (memoryBytes) => {
      const { name, generation } = ctx.processes()[0] as { name: string; generation: number };
      ctx.emit('process.sample', { name, generation, cpuPercent: 1, memoryBytes, processes: 2 });
    };
  });
  const { manager } = await testManager({ plugins: [sampler], processes: { web: sleeping } });
  const get = async () => ((await manager.call('process.get', { name: 'web' }, caller)) as { value: GetResult }).value;
  await manager.process('web').start();
  expect(await get()).not.toHaveProperty('resources');
  sample(5);
  sample(6);
  expect((await get()).resources).toEqual({ cpuPercent: 1, memoryBytes: 6, processes: 2 });
  expect(await manager.call('process.resources', {}, caller)).toEqual({
    ok: true,
    value: { summary: '1 process sampled', resources: { web: { cpuPercent: 1, memoryBytes: 6, processes: 2 } } },
  });
  await manager.process('web').restart();
  expect(await get()).not.toHaveProperty('resources');
});

test('start answers with what it did', async () => {
  const { manager, root } = await testManager({
    processes: {
      web: sleeping,
      slow: { command: shell('until [ -e go ]; do sleep 0.02; done; echo up; exec sleep 60'), ready: { log: 'up' } },
    },
  });
  const start = (input: object) => manager.call('process.start', input, caller);
  expect(await start({ name: 'web' })).toMatchObject({
    ok: true,
    value: { phase: 'running', changed: true, met: true },
  });
  expect(await start({ name: 'web' })).toMatchObject({ ok: true, value: { changed: false, met: true } });
  expect(await start({ name: 'slow', timeoutSec: 0 })).toMatchObject({
    ok: true,
    value: { changed: true, met: false },
  });
  expect(await start({ name: 'slow', wait: 'none' })).toMatchObject({ ok: true, value: { met: false } });
  const waiting = start({ name: 'slow' });
  touch(root, 'go');
  expect(await waiting).toMatchObject({ ok: true, value: { phase: 'running', met: true } });
});

test('a start that fails carries the last words, the status and the cause', async () => {
  const { manager } = await testManager({
    processes: { web: { command: shell('echo starting; echo boom >&2; exit 7'), ready: { log: 'up' } } },
  });
  const failure = {
    ok: false,
    error: {
      code: 'PB_START_FAILED',
      message: 'web has failed: exited with code 7 before it was ready.',
      hint: 'Read its output: `promptbin logs web`, or the tool read_logs.',
    },
    value: {
      name: 'web',
      phase: 'failed',
      changed: true,
      met: false,
      lastExit: { code: 7 },
      summary: 'web has failed: exited with code 7 before it was ready',
      newLogs: [{ text: 'starting' }, { text: 'boom', stream: 'err' }],
    },
  };
  expect(await manager.call('process.start', { name: 'web' }, caller)).toMatchObject(failure);
  // Only what is new: not the words of the first attempt.
  const again = await manager.call('process.restart', { name: 'web' }, caller);
  expect(again).toMatchObject(failure);
  expect((again as { value: { newLogs: unknown[] } }).value.newLogs).toHaveLength(2);
  expect(JSON.parse(JSON.stringify(again))).toEqual(again);
});

test('a start that joins one that is under way shows what was written before, too', async () => {
  const { manager, root } = await testManager({
    processes: {
      web: { command: shell('echo boom; while [ ! -e go ]; do sleep 0.05; done; exit 7'), ready: { log: 'up' } },
    },
  });
  await manager.start();
  const web = manager.process('web');
  while (web.logs().cursor === 0) {
    const written = Promise.withResolvers<void>();
    using _ = web.onOutput(written.resolve);
    await written.promise;
  }
  const joined = manager.call('process.start', { name: 'web' }, caller);
  const waiting = manager.call('process.wait', { name: 'web' }, caller);
  touch(root, 'go');
  expect(await joined).toMatchObject({ ok: false, value: { changed: false, newLogs: [{ text: 'boom' }] } });
  expect(await waiting).toMatchObject({ ok: true, value: { met: false, newLogs: [{ text: 'boom' }] } });
});

test('restart and stop say what happened and who asked', async () => {
  const { manager, events } = await testManager({ processes: { web: sleeping } });
  await manager.process('web').start();
  const restarted = await manager.call('process.restart', { name: 'web', reason: 'new code' }, caller);
  expect(restarted).toMatchObject({ ok: true, value: { generation: 2, restarts: 1, changed: true, met: true } });
  const stopped = await manager.call('process.stop', { name: 'web' }, { caller: 'mcp:agent' });
  expect(stopped).toMatchObject({
    ok: true,
    value: {
      phase: 'stopped',
      summary: expect.stringMatching(/^web is stopped after \d+ ms$/),
      receipt: { name: 'web', signalled: [expect.any(Number)], killed: [], escaped: [] },
    },
  });
  const causes = events.flatMap(({ type, data }) =>
    type === 'process.phase' && data.to === 'stopping' ? [data.cause?.message] : [],
  );
  expect(causes).toEqual(['new code', 'stop requested by mcp:agent']);
});

test('a caller that goes away ends its wait and nothing else', async () => {
  const { manager } = await testManager({ processes: { web: { ...sleeping, ready: { log: 'up' } } } });
  const gone = new AbortController();
  const waiting = manager.call('process.start', { name: 'web' }, { caller: 'test', signal: gone.signal });
  await manager.process('web').until('starting');
  gone.abort(new Error('disconnected'));
  expect(await waiting).toMatchObject({
    ok: false,
    error: { code: 'PB_COMMAND_FAILED', message: expect.stringContaining('disconnected') },
  });
  expect(manager.process('web').view.phase).toBe('starting');
});

test('logs are read by cursor, stream and size, and say what was left out', async () => {
  const { manager } = await testManager({
    processes: {
      web: {
        command: shell('for i in one two three four five; do echo out $i; done; echo err >&2; echo end; exec sleep 60'),
      },
    },
  });
  const web = manager.process('web');
  await web.start();
  await lineWith(web, 'end');
  await lineWith(web, 'err');
  const read = async (input: object = {}): Promise<LogsResult> => {
    const answer = await manager.call('process.logs', { name: 'web', ...input }, caller);
    return (answer as { value: LogsResult }).value;
  };
  const all = await read();
  expect(all).toMatchObject({ summary: '7 lines of web', nextCursor: 7, dropped: 0, truncated: false });
  expect((await read({ tail: 2 })).lines).toEqual(all.lines.slice(-2));
  expect((await read({ stream: 'err' })).lines.map(({ text }) => text)).toEqual(['err']);
  expect((await read({ cursor: 5 })).lines.map(({ seq }) => seq)).toEqual([6, 7]);
  // Whoever reads on must hear of what he does not get; whoever wants the newest gets those.
  expect(await read({ cursor: 2, tail: 5 })).toMatchObject({ truncated: false });
  expect(await read({ cursor: 2, tail: 4 })).toMatchObject({ truncated: true, nextCursor: 7 });
  expect(await read({ tail: 4 })).toMatchObject({ truncated: false });
  expect(await read({ cursor: 7 })).toMatchObject({ lines: [], nextCursor: 7 });
});

test('logs stay within their bytes, counted as UTF-8, newest first', async () => {
  const { manager } = await testManager({
    processes: {
      web: { command: shell(`for i in a b c d; do echo $i${'ü'.repeat(44)}x; done; echo end; exec sleep 60`) },
    },
  });
  const web = manager.process('web');
  await web.start();
  await lineWith(web, 'end');
  const answer = await manager.call('process.logs', { name: 'web', maxBytes: 200 }, caller);
  expect(answer).toMatchObject({
    ok: true,
    value: { summary: '3 lines of web, older left out', truncated: true, lines: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] },
  });
});

test('one line that is longer than the cap is cut, not lost', async () => {
  const { manager } = await testManager({
    processes: { web: { command: shell(`echo x${'ü'.repeat(300)}; exec sleep 60`) } },
  });
  const web = manager.process('web');
  await web.start();
  await lineWith(web, 'x');
  const answer = await manager.call('process.logs', { name: 'web', maxBytes: 200 }, caller);
  const { lines, truncated } = (answer as { value: LogsResult }).value;
  expect(truncated).toBe(true);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.text).toBe(`x${'ü'.repeat(99)}`);
});

test('status tells of the manager itself', async () => {
  const { manager, root } = await testManager({ plugins: [retries()], processes: {} });
  expect(await manager.call('manager.status', {}, caller)).toMatchObject({
    ok: true,
    value: {
      pid: process.pid,
      project: root,
      plugins: ['retries'],
      summary: `manager pid ${process.pid}; 0 of 0 processes ready`,
    },
  });
});

test('plugins are told with their hooks, each once', async () => {
  const silent = plugin('silent', () => {});
  const eager = plugin('eager', (ctx) => {
    ctx.hooks.event.tap('eager', () => {});
    ctx.hooks.event.tap('eager', () => {});
    ctx.hooks.gate.tapPromise('eager', async () => undefined);
  });
  const { manager } = await testManager({ plugins: [silent, eager], processes: {} });
  expect(await manager.call('plugin.list', {}, caller)).toMatchObject({
    ok: true,
    value: {
      summary: '2 plugins',
      plugins: [
        { name: 'silent', hooks: [] },
        { name: 'eager', hooks: ['event', 'gate'] },
      ],
    },
  });
});

test('a command of a plugin is called with parsed input; its faults are answers', async () => {
  const greeter = definePlugin({
    name: 'greeter',
    options: z.undefined(),
    fields: z.undefined(),
    setup(ctx) {
      ctx.command({
        name: 'greeter.greet',
        summary: 'Greets.',
        effect: 'read',
        input: z.strictObject({ who: z.string().default('you') }),
        run({ who }, call) {
          if (who === 'nobody') throw new Error('there is nobody');
          return `${who}, says ${call.caller}, ${call.signal.aborted}`;
        },
      });
    },
  });
  const { manager } = await testManager({ plugins: [greeter()], processes: {} });
  expect(await manager.call('greeter.greet', {}, caller)).toEqual({ ok: true, value: 'you, says test, false' });
  expect(await manager.call('greeter.greet', { who: 'nobody' }, caller)).toEqual({
    ok: false,
    error: { code: 'PB_COMMAND_FAILED', message: '"greeter.greet" failed: there is nobody' },
  });
  expect((await manager.commands()).some(({ name }) => name === 'greeter.greet')).toBe(true);
});

test('config shows what is in force, in the words of the file and without secrets', async () => {
  const { manager } = await testManager({
    processes: {
      web: { ...sleeping, protected: true, env: { API_TOKEN: 'tok-1234567', MODE: 'x' }, stop: { grace: '3s' } },
    },
  });
  expect(await manager.call('process.config', { name: 'web' }, caller)).toMatchObject({
    ok: true,
    value: {
      summary: 'The settings of web as they are in force.',
      name: 'web',
      config: {
        command: ['sleep', '60'],
        protected: true,
        env: { API_TOKEN: '[secret]', MODE: 'x' },
        stop: { signal: 'SIGTERM', grace: 3000 },
      },
    },
  });
  expect(await manager.call('process.config', { name: 'wep' }, caller)).toMatchObject({
    ok: false,
    error: { code: 'PB_PROCESS_UNKNOWN' },
  });
});
