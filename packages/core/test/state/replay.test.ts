import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManager, type ManagerEvent, type ProcessView, Replay } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { retries } from '../support/plugins.ts';

function replay(events: readonly ManagerEvent[]): Replay {
  const replaying = new Replay();
  for (const event of events) replaying.take(event);
  return replaying;
}

test('what is replayed is what the manager itself says, after every event', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const manager = await createManager(
    {
      plugins: [retries(60_000)],
      processes: {
        setup: { command: 'true', kind: 'job' },
        web: { command: 'sleep 60', port: 'auto', ready: { port: false }, dependsOn: { setup: 'completed' } },
        broken: { command: ['sh', '-c', 'echo no; exit 3'], ready: { log: 'never' } },
        held: { command: 'sleep 60', dependsOn: ['broken'] },
      },
    },
    { root, log: false },
  );
  onTestFinished(async () => void (await manager.close()));
  const events: ManagerEvent[] = [];
  const replaying = new Replay();
  const reading = (async () => {
    for await (const event of manager.subscribe({ after: 0 })) {
      events.push(event);
      replaying.take(event);
    }
  })();
  await manager.start();
  await manager.process('web').until('running');
  await manager.process('broken').until('backoff');
  await manager.process('web').restart();
  await manager.process('web').stop();
  // The clock goes on, and what never ran has no conditions worth comparing.
  const known = ({ uptimeSec: _, conditions, ...view }: ProcessView) =>
    view.generation === 0 ? view : { ...view, conditions };
  const { processes } = replay(events).snapshot(Date.now());
  expect(processes.map(known)).toEqual(manager.processes().map(known));
  expect(processes).toHaveLength(4);
  await manager.close();
  await reading;
  expect(replaying.snapshot(0)).toMatchObject({ manager: { pid: process.pid, closed: true } });
});

test('a record that begins in the middle says so, and knows what has stated anything since', () => {
  const spawned = {
    seq: 7,
    at: 1000,
    type: 'process.spawned',
    data: { name: 'web', generation: 3, pid: 5, restart: true },
  };
  const running = {
    seq: 8,
    at: 2000,
    type: 'process.phase',
    data: { name: 'web', generation: 3, from: 'starting', to: 'running', by: 'ready' },
  };
  const snapshot = replay([spawned, running] as unknown as ManagerEvent[]).snapshot(61_000);
  expect(snapshot).toMatchObject({ seq: 8, at: 2000 });
  expect(snapshot.processes).toMatchObject([{ name: 'web', phase: 'running', pid: 5, generation: 3, uptimeSec: 60 }]);
  expect(snapshot).not.toHaveProperty('manager');
});
