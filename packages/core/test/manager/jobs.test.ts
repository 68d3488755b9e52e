import { expect, test } from 'vitest';
import { linesOf } from '../support/files.ts';
import { retries } from '../support/plugins.ts';
import { phasesOf, testManager } from '../support/project.ts';

type Command = [string, ...string[]];
const shell = (script: string): Command => ['sh', '-c', script];

test('a job is ready when it has completed, and start waits for that', async () => {
  const { manager, events } = await testManager({ processes: { setup: { kind: 'job', command: shell('echo done') } } });
  const readyWhile: Record<string, boolean> = {};
  manager.on('process.phase', () => {
    const { phase, ready } = manager.process('setup').view;
    readyWhile[phase] = ready;
  });
  const view = await manager.process('setup').start();
  expect(view).toMatchObject({ kind: 'job', phase: 'completed', ready: true, lastExit: { code: 0 } });
  expect(view.pid).toBeUndefined();
  expect(readyWhile).toEqual({ waiting: false, running: false, completed: true });
  expect(phasesOf(events, 'setup')).toEqual(['waiting', 'starting', 'running', 'completed']);
});

test('a job that fails says so and can be run again', async () => {
  const { manager, root } = await testManager({
    processes: { setup: { kind: 'job', command: shell('echo x >> marks; [ $(wc -l < marks) -gt 1 ]') } },
  });
  await expect(manager.process('setup').start()).rejects.toMatchObject({
    message: 'setup has failed: exited with code 1.',
  });
  await manager.process('setup').start();
  expect(linesOf(root, 'marks')).toHaveLength(2);
});

test('a job is retried like anything else, and its dependants go on waiting meanwhile', async () => {
  const { manager, root, events } = await testManager({
    plugins: [retries(1, 1, 1)],
    processes: {
      setup: { kind: 'job', command: shell('echo x >> marks; [ $(wc -l < marks) -gt 2 ]') },
      web: { command: 'sleep 60', dependsOn: { setup: 'completed' } },
    },
  });
  await manager.start();
  await manager.process('web').until('ready');
  expect(linesOf(root, 'marks')).toHaveLength(3);
  expect(phasesOf(events, 'web')).toEqual(['waiting', 'starting', 'running']);
});

test('starting a completed job runs it again; stopping it changes nothing but the wish', async () => {
  const { manager, root } = await testManager({
    processes: { setup: { kind: 'job', command: shell('echo x >> marks') } },
  });
  const setup = manager.process('setup');
  await setup.start();
  await setup.start();
  expect(linesOf(root, 'marks')).toHaveLength(2);
  const receipt = await setup.stop();
  expect(receipt).toMatchObject({ signalled: [], killed: [], escaped: [] });
  expect(setup.view).toMatchObject({ phase: 'completed', desired: 'down', ready: true });
});

test('a job that is stopped half way has not completed', async () => {
  const { manager } = await testManager({
    processes: {
      setup: { kind: 'job', command: 'sleep 60' },
      web: { command: 'sleep 60', dependsOn: { setup: 'completed' } },
    },
  });
  await manager.start();
  await manager.process('setup').until('running');
  await manager.process('setup').stop();
  expect(manager.process('setup').view).toMatchObject({ phase: 'stopped', ready: false });
  // Nobody waits for what was stopped on request.
  expect(manager.process('web').view).toMatchObject({ phase: 'stopped', generation: 0 });
});
