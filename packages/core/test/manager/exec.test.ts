import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Config, ExecOptions, ExecResult, PluginContext } from '@promptbin/core';
import { expect, test } from 'vitest';
import { isAlive, pidsWithEnvironment } from '../support/alive.ts';
import { fixture, touch } from '../support/files.ts';
import { freePort } from '../support/network.ts';
import { plugin, retries } from '../support/plugins.ts';
import { phasesOf, type TestManager, testManager } from '../support/project.ts';

interface Execing extends TestManager {
  readonly ctx: PluginContext<undefined, undefined, never>;
  /** Runs a command beside `web`; aborted by nobody unless `options` say so. */
  run(command: readonly string[], options?: Partial<ExecOptions> & { shell?: boolean }): Promise<ExecResult>;
  sh(script: string, options?: Partial<ExecOptions>): Promise<ExecResult>;
}

async function execing({ plugins = [], ...config }: Partial<Config> = {}): Promise<Execing> {
  const [spy, contexts] = contextSpy();
  const processes = config.processes ?? { web: { command: 'sleep 60', env: { WORD: 'hello' } } };
  const testing = await testManager({ ...config, plugins: [spy, ...plugins], processes });
  const ctx = contexts[0] as Execing['ctx'];
  const run: Execing['run'] = ([command = '', ...args], { shell = false, ...options } = {}) =>
    ctx.use('exec').run('web', { command, args, shell }, { signal: new AbortController().signal, ...options });
  return { ...testing, ctx, run, sh: (script, options) => run(['sh', '-c', script], options) };
}

function contextSpy(): [ReturnType<typeof plugin>, Execing['ctx'][]] {
  const contexts: Execing['ctx'][] = [];
  return [plugin('spy', (ctx) => void contexts.push(ctx)), contexts];
}

/** What a shell prints when its tree is up: it, a child, and a grandchild in a session of its own. */
const treeScript = `node ${fixture('fork-and-leave.mjs')} & sleep 60 & echo "child $$"; echo "child $!"; wait; sleep 60`;

test('a command runs in the environment and the folder of the process; its output and its code are told', async () => {
  const { manager, sh, run, root } = await execing();
  await manager.process('web').start();
  const answer = await sh('echo "$WORD $PROMPTBIN_PROCESS"; echo oops >&2; pwd -P; exit 3');
  expect(answer).toMatchObject({ code: 3, signal: null });
  expect(answer.output.split('\n').toSorted()).toEqual(['', root, 'hello web', 'oops'].toSorted());
  expect(await run(['echo "$WORD" | tr a-z A-Z'], { shell: true })).toEqual({
    code: 0,
    signal: null,
    output: 'HELLO\n',
  });
  expect(await sh('kill -SEGV $$')).toMatchObject({ code: null, signal: 'SIGSEGV' });
});

test('the environment is the one that this very run was spawned with', async () => {
  let runs = 0;
  const counting = plugin('counting', ({ hooks }) => {
    hooks.env.tap('counting', (env) => {
      runs += 1;
      return { ...env, RUN: String(runs) };
    });
  });
  const { manager, sh } = await execing({ plugins: [counting] });
  const web = manager.process('web');
  for (const run of ['1\n', '2\n']) {
    await web.restart();
    expect((await sh('echo $RUN')).output).toBe(run);
  }
});

test('the newest output is kept, and no part of a secret is left where it is cut', async () => {
  const secret = `tok-${randomUUID()}`;
  const { manager, sh } = await execing({
    processes: { web: { command: 'sleep 60', env: { API_TOKEN: secret, FILLER: 'x'.repeat(100) } } },
  });
  await manager.process('web').start();
  // Two writes, so that the secret comes in two chunks at times.
  const script =
    'printf "%s" "$FILLER"; printf "%.10s" "$API_TOKEN"; printf "%s" "$API_TOKEN" | cut -c 11- | tr -d "\\n"; echo é end';
  expect((await sh(script)).output).toBe(`${'x'.repeat(100)}[secret]é end\n`);
  for (let outputBytes = 0; outputBytes < 40; outputBytes += 1) {
    const { output } = await sh(script, { outputBytes });
    expect(`${'x'.repeat(100)}[secret]é end\n`.endsWith(output)).toBe(true);
    expect(outputBytes - Buffer.byteLength(output)).toBeLessThanOrEqual(1);
  }
});

test('much output is bounded', async () => {
  const { manager, run } = await execing();
  await manager.process('web').start();
  const { output } = await run(['node', fixture('flood.mjs'), '3000000'], { outputBytes: 1000 });
  expect(output).toHaveLength(1000);
  expect(output).toMatch(/the last line\n$/);
});

test('an abort ends the whole tree before it is told, by the reason of the signal', async () => {
  const { manager, sh } = await execing();
  const web = manager.process('web');
  const { pid } = await web.start();
  const stop = new AbortController();
  const mark = randomUUID();
  const answer = sh(`export MARK=${mark}; ${treeScript}`, { signal: stop.signal });
  await expect.poll(() => pidsWithEnvironment(mark).length).toBeGreaterThanOrEqual(2);
  const reason = new Error('enough');
  stop.abort(reason);
  await expect(answer).rejects.toBe(reason);
  expect(pidsWithEnvironment(mark)).toEqual([]);
  expect(web.view).toMatchObject({ phase: 'running', pid });
  await expect(sh('echo hello', { signal: stop.signal })).rejects.toBe(reason);
});

test('what a command leaves behind is ended before it is told', async () => {
  const { manager, sh } = await execing();
  await manager.process('web').start();
  const { code, output } = await sh('sleep 60 & echo $!; exit 4');
  expect(code).toBe(4);
  expect(isAlive(Number(output))).toBe(false);
});

test('several at a time, one of which is aborted, do not touch each other', async () => {
  const { manager, sh } = await execing();
  await manager.process('web').start();
  const stop = new AbortController();
  const others = Array.from({ length: 3 }, () => sh('sleep 0.5; echo done'));
  const cut = sh('sleep 60', { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(cut).rejects.toThrow('enough');
  for (const { output } of await Promise.all(others)) expect(output).toBe('done\n');
});

test('it is no part of the process: not of its tree, its listeners or what it leaves behind', async () => {
  const { manager, ctx, run, events, root } = await execing({
    processes: { web: { command: ['sh', '-c', 'until [ -e go ]; do sleep 0.02; done; exit 5'] } },
  });
  const web = manager.process('web');
  await web.start();
  const port = await freePort();
  const network = ctx.use('network');
  const answer = run(['node', '-e', `require('net').createServer().listen(${port}, '127.0.0.1')`]);
  const down = expect(answer).rejects.toMatchObject({ code: 'PB_EXEC_DOWN', process: 'web' });
  await expect.poll(() => network.listener('web', port)).toMatchObject({ kind: 'stranger' });
  const { pid = 0 } = (await network.listener('web', port)) as { pid?: number };
  expect(await network.tree('web')).not.toContain(pid);
  touch(root, 'go');
  await down;
  expect(isAlive(pid)).toBe(false);
  await web.until('failed');
  expect(phasesOf(events, 'web')).not.toContain('stopping');
});

test.each(['stop', 'restart'] as const)('a %s ends it first', async (action) => {
  const { manager, sh } = await execing();
  const web = manager.process('web');
  await web.start();
  const mark = randomUUID();
  const answer = sh(`export MARK=${mark}; ${treeScript}`);
  const down = expect(answer).rejects.toMatchObject({
    code: 'PB_EXEC_DOWN',
    message: expect.stringContaining('"web"'),
  });
  await expect.poll(() => pidsWithEnvironment(mark).length).toBeGreaterThanOrEqual(2);
  await web[action]();
  expect(pidsWithEnvironment(mark)).toEqual([]);
  await down;
});

test('what somebody forgot is ended by the close of the manager, also when the process has just crashed', async () => {
  const { manager, sh, events } = await execing();
  const web = manager.process('web');
  const { pid = 0 } = await web.start();
  const mark = randomUUID();
  const down = expect(sh(`export MARK=${mark}; ${treeScript}`)).rejects.toMatchObject({ code: 'PB_EXEC_DOWN' });
  await expect.poll(() => pidsWithEnvironment(mark).length).toBeGreaterThanOrEqual(2);
  process.kill(pid, 'SIGKILL');
  await web.until('failed');
  const { unstopped } = await manager.close();
  expect(pidsWithEnvironment(mark)).toEqual([]);
  expect(unstopped).toEqual([]);
  await down;
  expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
});

test('while plugins drain before a stop, they may still run commands', async () => {
  const outputs: string[] = [];
  const draining = plugin('draining', (ctx) => {
    ctx.hooks.beforeStop.tapPromise('draining', async ({ name }) => {
      const command = { command: 'sh', args: ['-c', 'echo drained'] };
      outputs.push((await ctx.use('exec').run(name, command, { signal: ctx.signal })).output);
    });
  });
  const { manager } = await execing({ plugins: [draining] });
  const web = manager.process('web');
  await web.start();
  await web.stop();
  expect(outputs).toEqual(['drained\n']);
});

test('nothing runs beside what is not up', async () => {
  const { manager, sh, ctx } = await execing({ plugins: [retries(60_000)] });
  const web = manager.process('web');
  const down = { code: 'PB_EXEC_DOWN', process: 'web', hint: 'Start it first.' };
  await expect(sh('echo hello')).rejects.toMatchObject(down);
  const { pid = 0 } = await web.start();
  expect((await sh('echo hello')).output).toBe('hello\n');
  process.kill(pid, 'SIGKILL');
  await web.until('backoff');
  await expect(sh('echo hello')).rejects.toMatchObject(down);
  await web.stop();
  await expect(sh('echo hello')).rejects.toMatchObject(down);
  const { signal } = new AbortController();
  const none = ctx.use('exec').run('none', { command: 'true', args: [] }, { signal });
  await expect(none).rejects.toMatchObject({ code: 'PB_EXEC_DOWN', process: 'none' });
});

test('a command that cannot be run is told at once', async () => {
  const { manager, run } = await execing();
  await manager.process('web').start();
  await expect(run(['no-such-command'])).rejects.toMatchObject({
    code: 'PB_SPAWN_FAILED',
    message: 'command "no-such-command" was not found in PATH',
  });
});

test('no descriptor and no listener is left of many commands', async () => {
  const { manager, run } = await execing();
  await manager.process('web').start();
  const count = (): number => readdirSync('/proc/self/fd').length;
  const { signal } = new AbortController();
  await run(['true'], { signal });
  const before = count();
  for (let i = 0; i < 20; i += 1) await run(['true'], { signal });
  expect(count()).toBeLessThanOrEqual(before);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
