import type { ManagerEvent, SpawnPlan } from '@promptbin/core';
import { expect, test } from 'vitest';
import { plugin } from '../support/plugins.ts';
import { nextEvent, testManager } from '../support/project.ts';

const notifying = (notifyFd: unknown) =>
  plugin('notifying', ({ hooks }) => {
    hooks.plan.tap('notifying', (plan) => ({ ...plan, notifyFd }) as SpawnPlan);
  });

const notices = (events: readonly ManagerEvent[]): object[] =>
  events.flatMap(({ type, data }) => (type === 'process.notified' ? [data] : []));

test('what a child writes to the descriptor of its plan becomes events of its run, before its exit', async () => {
  const { manager, events } = await testManager({
    plugins: [notifying(4)],
    processes: { web: { command: ['sh', '-c', 'echo "run $PROMPTBIN_RUN" >&4; echo >&4; exit 1'] } },
  });
  const web = manager.process('web');
  for (const run of [1, 2]) {
    await web.start();
    await web.until(({ phase, generation }) => phase === 'failed' && generation === run);
  }
  expect(notices(events)).toEqual(
    [1, 2].flatMap((generation) => [
      { name: 'web', generation, text: `run ${generation}` },
      { name: 'web', generation, text: '' },
    ]),
  );
  const order = events
    .map(({ type }) => type)
    .filter((type) => type === 'process.notified' || type === 'process.exited');
  expect(order.slice(0, 3)).toEqual(['process.notified', 'process.notified', 'process.exited']);
});

test('its secrets are taken out', async () => {
  const { manager, events } = await testManager({
    plugins: [notifying(3)],
    processes: {
      web: { command: ['sh', '-c', 'echo "with $API_TOKEN" >&3; sleep 60'], env: { API_TOKEN: 'tok-123456' } },
    },
  });
  const notified = nextEvent(manager, ({ type }) => type === 'process.notified');
  await manager.process('web').start();
  await notified;
  expect(notices(events)).toEqual([{ name: 'web', generation: 1, text: 'with [secret]' }]);
});

test('a child that writes without end does not push everything else out of the log', async () => {
  const { manager, events } = await testManager({
    plugins: [notifying(3)],
    processes: { web: { command: ['sh', '-c', 'i=0; while [ $i -lt 20000 ]; do echo $i >&3; i=$((i+1)); done'] } },
  });
  const web = manager.process('web');
  await web.start().catch(() => undefined);
  const { lastExit } = await web.until('completed');
  expect(lastExit).toMatchObject({ code: 0 });
  // One window, or two on a machine that is busy.
  expect(notices(events).length).toBeGreaterThan(100);
  expect(notices(events).length).toBeLessThan(1000);
});

test.each([2, 256, 3.5, '3', null])(
  'a plan with the descriptor %j is nonsense, and runs without',
  async (descriptor) => {
    const { manager, events } = await testManager({
      plugins: [notifying(descriptor)],
      processes: { web: { command: 'sleep 60' } },
    });
    await manager.process('web').start();
    const faults = events.filter(({ type }) => type === 'plugin.fault');
    expect(faults).toMatchObject([{ data: { plugin: 'notifying', hook: 'plan', code: 'PB_PLUGIN_NONSENSE' } }]);
  },
);
