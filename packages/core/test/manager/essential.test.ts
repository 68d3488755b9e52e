import type { Config, ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import { touch } from '../support/files.ts';
import { retries } from '../support/plugins.ts';
import { nextEvent, phasesOf, testManager } from '../support/project.ts';

type Command = [string, ...string[]];

const shell = (script: string): Command => ['sh', '-c', script];
const waitFor = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;
const closingOf = (events: readonly ManagerEvent[]): unknown[] =>
  events.flatMap(({ type, data }) => (type === 'manager.closing' ? [data] : []));

test('when something essential has failed for good, the manager closes and says why', async () => {
  const { manager, events } = await testManager({
    plugins: [retries(1, 1)],
    processes: { web: { command: shell('exit 3'), essential: true }, other: { command: ['sleep', '60'] } },
  });
  const closing = nextEvent(manager, ({ type }) => type === 'manager.closing');
  await manager.start();
  await closing;
  await manager.close('too late to be why');
  const why = 'web is essential and has failed: exited with code 3';
  expect(closingOf(events)).toEqual([{ why, failed: 'web' }]);
  // Only when nothing tried it again.
  expect(phasesOf(events, 'web').filter((phase) => phase === 'starting')).toHaveLength(3);
  expect(manager.process('other').view).toMatchObject({ phase: 'stopped', cause: { message: why } });
  await expect(manager.process('web').start()).rejects.toMatchObject({ code: 'PB_MANAGER_CLOSED' });
});

test('one that cannot even be spawned has failed, too', async () => {
  const { manager, events } = await testManager({
    processes: { web: { command: 'there-is-no-such-command', essential: true } },
  });
  const closing = nextEvent(manager, ({ type }) => type === 'manager.closing');
  await manager.start();
  await closing;
  expect(closingOf(events)).toMatchObject([{ failed: 'web' }]);
});

test.each<[string, Config['processes'], (manager: Awaited<ReturnType<typeof testManager>>) => Promise<unknown>]>([
  [
    'completed',
    { web: { command: shell(waitFor('end')), essential: true } },
    async ({ manager, root }) => {
      await manager.process('web').start();
      touch(root, 'end');
      await manager.process('web').until('completed');
    },
  ],
  [
    'stopped',
    { web: { command: ['sleep', '60'], essential: true } },
    async ({ manager }) => {
      await manager.process('web').start();
      await manager.process('web').stop();
    },
  ],
  [
    'failed and is not essential',
    { web: { command: shell('exit 1') } },
    async ({ manager }) => {
      await manager.start();
      await manager.process('web').until('failed');
    },
  ],
  [
    'to wait for what has failed',
    {
      db: { command: shell('exit 1'), kind: 'job' },
      web: { command: ['sleep', '60'], essential: true, dependsOn: { db: 'completed' } },
    },
    async ({ manager }) => {
      await manager.start();
      await manager.process('web').until(({ cause }) => cause?.code === 'dependencyDown');
    },
  ],
])('the manager goes on when one has %s', async (_, processes, act) => {
  const testing = await testManager({ processes });
  await act(testing);
  expect(closingOf(testing.events)).toEqual([]);
  expect(await testing.manager.call('process.list', {}, { caller: 'test' })).toMatchObject({ ok: true });
});
