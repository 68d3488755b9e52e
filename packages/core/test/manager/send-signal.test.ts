import { expect, test } from 'vitest';
import { lineWith, testManager } from '../support/project.ts';

const caller = { caller: 'test' };
const heeding = 'trap "echo heard" HUP; echo up; while :; do sleep 0.05; done';

test('a signal reaches the leader, is stated, and the process goes on', async () => {
  const { manager, events } = await testManager({ processes: { web: { command: ['sh', '-c', heeding] } } });
  const web = manager.process('web');
  await web.start();
  await lineWith(web, 'up');
  const { pid } = web.view;
  expect(await manager.call('process.signal', { name: 'web', signal: 'SIGHUP' }, caller)).toEqual({
    ok: true,
    value: { name: 'web', signal: 'SIGHUP', pid, summary: `SIGHUP was sent to web (pid ${pid})` },
  });
  await lineWith(web, 'heard');
  expect(web.view).toMatchObject({ phase: 'running', pid });
  expect(events.some(({ type }) => type === 'process.signalled')).toBe(true);
});

test('one that ends it is told to be a crash, and is one', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  await manager.process('web').start();
  expect(await manager.call('process.signal', { name: 'web', signal: 'SIGTERM' }, caller)).toMatchObject({
    ok: true,
    value: { summary: expect.stringContaining('counts as a crash') },
  });
  expect(await manager.process('web').until('failed')).toMatchObject({ lastExit: { signal: 'SIGTERM' } });
});

test.for(['SIGKILL', 'SIGSTOP', 'SIGRTMIN', 'HUP', 9])('%o is refused with those that are not', async (signal) => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  await manager.process('web').start();
  expect(await manager.call('process.signal', { name: 'web', signal }, caller)).toMatchObject({
    ok: false,
    error: { code: 'PB_COMMAND_INPUT', message: expect.stringContaining('SIGHUP, SIGUSR1') },
  });
  expect(manager.process('web').view.phase).toBe('running');
});

test('what is down gets none', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  expect(await manager.call('process.signal', { name: 'web', signal: 'SIGHUP' }, caller)).toMatchObject({
    ok: false,
    error: { code: 'PB_PROCESS_DOWN', message: '"web" is not up: web is stopped.' },
  });
});

test.for(['SIGTERM', 'SIGHUP', 'SIGUSR1'])(
  'an agent has a person agree to %s for what is protected, for it may end it',
  async (signal) => {
    const { manager } = await testManager({ processes: { web: { command: 'sleep 60', protected: true } } });
    const web = manager.process('web');
    await web.start();
    const call = (one: string, confirmed: boolean) =>
      manager.call('process.signal', { name: 'web', signal: one }, { caller: 'mcp:agent', confirmed });
    expect(await call(signal, false)).toMatchObject({ ok: false, error: { code: 'PB_CONFIRM_NEEDED' } });
    expect(await call('SIGWINCH', false)).toMatchObject({ ok: true });
    expect(web.view.phase).toBe('running');
    expect(await call(signal, true)).toMatchObject({ ok: true });
  },
);
