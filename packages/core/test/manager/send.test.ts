import { readdirSync } from 'node:fs';
import type { Manager, SendResult } from '@promptbin/core';
import { expect, test } from 'vitest';
import { lineWith, testManager } from '../support/project.ts';

const caller = { caller: 'test' };
const shell = (script: string): [string, ...string[]] => ['sh', '-c', script];
const send = (manager: Manager, text: string) => manager.call('process.send', { name: 'web', text }, caller);

test('a line is written to a process that reads, and its answer is found by the cursor', async () => {
  const { manager } = await testManager({
    processes: {
      web: { command: shell('echo up; while read -r line; do echo "got $line"; done; echo over'), stdin: 'pipe' },
    },
  });
  const web = manager.process('web');
  await web.start();
  await lineWith(web, 'up');
  const answer = await send(manager, 'ünder $HOME; echo no');
  expect(answer).toEqual({
    ok: true,
    value: { name: 'web', bytes: 22, logCursor: 1, summary: '22 bytes were written to web' },
  });
  expect(await lineWith(web, 'got')).toBe('got ünder $HOME; echo no');
  const wait = {
    name: 'web',
    until: 'log',
    pattern: '^got',
    cursor: (answer as { value: SendResult }).value.logCursor,
  };
  expect(await manager.call('process.wait', wait, caller)).toMatchObject({ ok: true, value: { met: true } });
});

test('one that has no pipe reads nothing, and refuses with what to do', async () => {
  const { manager } = await testManager({
    processes: { web: { command: shell('read -r line || echo nothing; exec sleep 60') } },
  });
  await manager.process('web').start();
  await lineWith(manager.process('web'), 'nothing');
  expect(await send(manager, 'hello')).toMatchObject({
    ok: false,
    error: { code: 'PB_INPUT_REFUSED', hint: 'Set "stdin" of "web" to "pipe" in the config.' },
  });
});

test('one that is down, or does not run yet, is told', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'cat', stdin: 'pipe' } } });
  const down = { ok: false, error: { code: 'PB_PROCESS_DOWN', hint: 'Start it first.' } };
  expect(await send(manager, 'hello')).toMatchObject(down);
  await manager.process('web').start();
  expect(await send(manager, 'hello')).toMatchObject({ ok: true });
  await manager.process('web').stop();
  expect(await send(manager, 'hello')).toMatchObject(down);
});

test('one that has closed its end is told, and the manager goes on', async () => {
  const { manager } = await testManager({
    processes: { web: { command: shell('exec <&-; echo closed; exec sleep 60'), stdin: 'pipe' } },
  });
  await manager.process('web').start();
  await lineWith(manager.process('web'), 'closed');
  for (let time = 0; time < 2; time += 1) {
    expect(await send(manager, 'hello')).toMatchObject({
      ok: false,
      error: { code: 'PB_INPUT_REFUSED', message: '"web" has closed its stdin.' },
    });
  }
  expect(manager.process('web').view.phase).toBe('running');
});

test('one that does not read takes what its pipe holds, and nothing is piled up after that', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60', stdin: 'pipe' } } });
  await manager.process('web').start();
  const line = 'x'.repeat(9999);
  let answer = await send(manager, line);
  for (let count = 0; answer.ok && count < 1000; count += 1) answer = await send(manager, line);
  expect(answer).toMatchObject({
    ok: false,
    error: { code: 'PB_INPUT_REFUSED', message: expect.stringContaining('full') },
  });
  expect(await send(manager, line)).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('nothing more is taken') },
  });
  // Nor does a stop wait for it.
  expect(await manager.process('web').stop()).toMatchObject({ escaped: [], killed: [] });
});

test('a long line is refused, and so is a line that a killed process does not live to read', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'cat', stdin: 'pipe' } } });
  await manager.process('web').start();
  expect(await send(manager, 'x'.repeat(10_001))).toMatchObject({ ok: false, error: { code: 'PB_COMMAND_INPUT' } });
  process.kill(manager.process('web').view.pid ?? 0, 'SIGKILL');
  await manager.process('web').until('failed');
  expect(await send(manager, 'hello')).toMatchObject({ ok: false, error: { code: 'PB_PROCESS_DOWN' } });
});

test('no pipe is left of runs that are over', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'cat', stdin: 'pipe' } } });
  await manager.process('web').start();
  const count = (): number => readdirSync('/proc/self/fd').length;
  const before = count();
  for (let run = 0; run < 5; run += 1) await manager.process('web').restart();
  await expect.poll(count).toBeLessThanOrEqual(before);
});
