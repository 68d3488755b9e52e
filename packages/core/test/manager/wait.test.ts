import type { Manager, WaitResult } from '@promptbin/core';
import { expect, test } from 'vitest';
import { touch } from '../support/files.ts';
import { retries } from '../support/plugins.ts';
import { lineWith, nextEvent, testManager } from '../support/project.ts';

const caller = { caller: 'test' };
const shell = (script: string): [string, ...string[]] => ['sh', '-c', script];
const afterGo = (script: string) => shell(`until [ -e go ]; do sleep 0.02; done; ${script}`);

async function wait(manager: Manager, input: object): Promise<WaitResult> {
  const answer = await manager.call('process.wait', { name: 'web', ...input }, caller);
  expect(answer).toMatchObject({ ok: true });
  return (answer as { value: WaitResult }).value;
}

/** Tries again as often as it takes. */
const untiring = () => retries(...Array<number>(1000).fill(20));

/** Resolves when the command has got to waiting. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a wait for ready ends when it is ready', async () => {
  const { manager, root } = await testManager({
    processes: { web: { command: afterGo('echo up; exec sleep 60'), ready: { log: 'up' } } },
  });
  await manager.start();
  const waiting = wait(manager, {});
  touch(root, 'go');
  expect(await waiting).toMatchObject({ met: true, phase: 'running', ready: true, logCursor: 1 });
  expect(await wait(manager, { until: 'running', timeoutSec: 0 })).toMatchObject({ met: true });
});

test('one that takes too long is an answer that says how far it is', async () => {
  const { manager } = await testManager({
    processes: { web: { command: shell('echo begun; exec sleep 60'), ready: { log: 'up' } } },
  });
  await manager.start();
  await lineWith(manager.process('web'), 'begun');
  const answer = await wait(manager, { timeoutSec: 0.05 });
  expect(answer).toMatchObject({
    met: false,
    phase: 'starting',
    reason: expect.stringMatching(/^not within 0.05 s; web is starting/),
  });
  expect(answer.summary).toBe(`web is not ready: ${answer.reason}`);
  expect(answer.waitedMs).toBeGreaterThanOrEqual(50);
});

test('what fails while it is waited for is told at once, with the cause and the new lines', async () => {
  const { manager, root } = await testManager({
    processes: { web: { command: afterGo('echo boom; exit 7'), ready: { log: 'up' } } },
  });
  await manager.start();
  const waiting = wait(manager, { timeoutSec: 3600 });
  await turn();
  touch(root, 'go');
  expect(await waiting).toMatchObject({
    met: false,
    phase: 'failed',
    cause: { code: 'exited' },
    summary: 'web is not ready: web has failed: exited with code 7 before it was ready',
    newLogs: [{ text: 'boom' }],
  });
  // And what has failed before.
  expect(await wait(manager, { timeoutSec: 3600 })).toMatchObject({ met: false, phase: 'failed' });
  expect(await wait(manager, { until: 'log', pattern: 'up', timeoutSec: 3600 })).toMatchObject({ met: false });
});

test('what is tried again is waited for', async () => {
  const { manager, root } = await testManager({
    plugins: [untiring()],
    processes: { web: { command: shell('[ -e go ] || exit 7; echo up; exec sleep 60'), ready: { log: 'up' } } },
  });
  await manager.start();
  await nextEvent(manager, ({ type }) => type === 'process.retry');
  const waiting = wait(manager, { timeoutSec: 3600 });
  touch(root, 'go');
  expect(await waiting).toMatchObject({ met: true, phase: 'running' });
});

test('what waits for a dependency that has failed is told at once', async () => {
  const { manager } = await testManager({
    processes: {
      db: { command: shell('exit 3'), ready: { log: 'up' } },
      web: { command: 'sleep 60', dependsOn: ['db'] },
    },
  });
  await manager.start();
  expect(await wait(manager, { timeoutSec: 3600 })).toMatchObject({
    met: false,
    phase: 'waiting',
    cause: { code: 'dependencyDown' },
  });
});

test('a wait for the exit ends at the next one, also when it is restarted', async () => {
  const { manager, root } = await testManager({
    plugins: [untiring()],
    processes: { web: { command: shell('until [ -e go ]; do sleep 0.02; done; rm go; exit 3') } },
  });
  expect(await wait(manager, { until: 'exited', timeoutSec: 3600 })).toMatchObject({ met: true, phase: 'stopped' });
  await manager.process('web').start();
  const waiting = wait(manager, { until: 'exited', timeoutSec: 3600 });
  await turn();
  touch(root, 'go');
  expect(await waiting).toMatchObject({
    met: true,
    lastExit: { code: 3 },
    summary: expect.stringMatching(/^web has exited \(code 3 at /),
  });
});

test('a wait for the stop ends when nothing is left', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  await manager.process('web').start();
  expect(await wait(manager, { until: 'stopped', timeoutSec: 0 })).toMatchObject({ met: false, phase: 'running' });
  const waiting = wait(manager, { until: 'stopped', timeoutSec: 3600 });
  await manager.process('web').stop();
  expect(await waiting).toMatchObject({ met: true, phase: 'stopped' });
});

test('a wait for a line ends at the first one that matches, also of the next run', async () => {
  const { manager, root } = await testManager({
    plugins: [untiring()],
    processes: {
      web: { command: shell('if [ -e go ]; then echo listening on 5000; exec sleep 60; fi; echo not yet; exit 1') },
    },
  });
  await manager.start();
  const waiting = wait(manager, { until: 'log', pattern: 'listening on \\d+', timeoutSec: 3600 });
  await lineWith(manager.process('web'), 'not yet');
  touch(root, 'go');
  const answer = await waiting;
  expect(answer).toMatchObject({
    met: true,
    summary: 'web has written: listening on 5000',
    matchedLine: { text: 'listening on 5000' },
  });
  // It has come already: only a cursor finds it.
  const again = { until: 'log', pattern: 'listening', timeoutSec: 0.05 };
  expect(await wait(manager, again)).toMatchObject({ met: false, reason: expect.stringContaining('not within') });
  expect(await wait(manager, { ...again, cursor: 0 })).toMatchObject({ met: true, matchedLine: answer.matchedLine });
  expect(await wait(manager, { ...again, cursor: answer.matchedLine?.seq })).toMatchObject({ met: false });
});

test('the last words before an exit are found', async () => {
  const { manager, root } = await testManager({ processes: { web: { command: afterGo('printf "bye bye"; exit 0') } } });
  await manager.process('web').start();
  const waiting = wait(manager, { until: 'log', pattern: 'bye$', timeoutSec: 3600 });
  await turn();
  touch(root, 'go');
  expect(await waiting).toMatchObject({ met: true, matchedLine: { text: 'bye bye' } });
});

test('a pattern that is too slow for what is written ends the wait, and nothing else', async () => {
  const { manager } = await testManager({
    processes: {
      web: {
        command: [
          process.execPath,
          '-e',
          `setInterval(() => console.log('c' + Array.from({ length: 16000 }, () => (Math.random() < 0.5 ? 'a' : 'b')).join('')), 5)`,
        ],
      },
    },
  });
  await manager.process('web').start();
  const slow = { name: 'web', until: 'log', pattern: '[ab]*a[ab]{400}c', timeoutSec: 3600 };
  expect(await manager.call('process.wait', slow, caller)).toMatchObject({
    ok: false,
    error: { code: 'PB_PATTERN_REFUSED', message: expect.stringContaining('takes too long') },
  });
  expect(manager.process('web').view.phase).toBe('running');
});

test.for<[object, string]>([
  [{ until: 'log' }, 'pattern: is a must'],
  [{ pattern: 'x' }, 'pattern: is a must'],
  [{ until: 'dawn' }, 'until'],
])('a wait with %o is refused', async ([input, mistake]) => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  const answer = await manager.call('process.wait', { name: 'web', ...input }, caller);
  expect(answer).toMatchObject({ ok: false, error: { code: 'PB_COMMAND_INPUT' } });
  expect(JSON.stringify(answer)).toContain(mistake.split(': ')[1] ?? mistake);
});

test.for(['ready', 'log'])('a wait for %s ends at once when nobody needs it any more', async (until) => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60', ready: { log: 'up' } } } });
  await manager.start();
  const gone = new AbortController();
  const input = { name: 'web', until, timeoutSec: 3600, ...(until === 'log' && { pattern: 'x' }) };
  const waiting = manager.call('process.wait', input, { ...caller, signal: gone.signal });
  await turn();
  gone.abort(new Error('disconnected'));
  expect(await waiting).toMatchObject({ ok: false, error: { message: expect.stringContaining('disconnected') } });
});

test('the end of the manager ends every wait', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60', ready: { log: 'up' } } } });
  await manager.start();
  const waits = [wait(manager, { timeoutSec: 3600 }), wait(manager, { until: 'log', pattern: 'x', timeoutSec: 3600 })];
  await turn();
  await manager.close();
  for (const answer of await Promise.all(waits)) expect(answer).toMatchObject({ met: false, phase: 'stopped' });
});
