import { type Clock, systemClock } from '@promptbin/core';
import { expect, test } from 'vitest';
import { retries } from '../support/plugins.ts';
import { nextEvent, testManager } from '../support/project.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('jumps of the wall clock change nothing but stamps', async () => {
  const day = 86_400_000;
  let jump = 0;
  const clock: Clock = { ...systemClock, wall: () => Date.now() + jump };
  const { manager } = await testManager(
    {
      plugins: [retries(100, 100)],
      processes: { web: { command: ['sh', '-c', 'exit 1'], ready: { log: 'never' } }, slow: { command: 'sleep 60' } },
    },
    { clock },
  );
  const web = manager.process('web');
  const slow = await manager.process('slow').start();
  await manager.start();
  for (const direction of [day, -day]) {
    await web.until('backoff');
    jump += direction;
    await web.until('starting');
  }
  const view = await web.until('failed');
  expect(view).toMatchObject({ generation: 3, attempt: 2 });
  jump = 365 * day;
  expect(manager.process('slow').view.uptimeSec).toBeLessThan(60);
  expect(manager.process('slow').view.pid).toBe(slow.pid);
});

test('a timer that was set before a restart does not touch the run after it', async () => {
  const clock = new VirtualClock();
  const { manager, events } = await testManager(
    {
      plugins: [retries(1000)],
      processes: { web: { command: ['sh', '-c', 'echo x >> marks; [ $(wc -l < marks) -gt 1 ] && exec sleep 60'] } },
    },
    { clock },
  );
  const web = manager.process('web');
  const failed = nextEvent(manager, ({ type, data }) => type === 'process.phase' && data.to === 'backoff');
  void web.start().catch(() => undefined);
  await failed;
  expect(await web.start()).toMatchObject({ ready: true, generation: 2 });
  await clock.advance(10_000);
  expect(web.view).toMatchObject({ phase: 'running', generation: 2 });
  expect(events.filter(({ type }) => type === 'process.spawned')).toHaveLength(2);
});

test('a retry that was overtaken by a start does not cut the next backoff short', async () => {
  const clock = new VirtualClock();
  const { manager } = await testManager(
    { plugins: [retries(1000)], processes: { web: { command: ['sh', '-c', 'exit 1'], ready: { log: 'never' } } } },
    { clock },
  );
  const web = manager.process('web');
  const inBackoff = (run: number) => web.until(({ phase, generation }) => phase === 'backoff' && generation === run);
  await manager.start();
  await inBackoff(1);
  await clock.advance(600);
  await manager.start();
  await inBackoff(2);
  await clock.advance(600);
  expect(web.view).toMatchObject({ phase: 'backoff', generation: 2 });
  await clock.advance(600);
  expect(await web.until('failed')).toMatchObject({ generation: 3 });
});

test('the deadline of a start is that of its own run', async () => {
  const clock = new VirtualClock();
  const { manager } = await testManager(
    { processes: { web: { command: 'sleep 60', ready: { timeout: '10s', log: 'never' } } } },
    { clock },
  );
  const web = manager.process('web');
  const first = web.start().catch((fault) => fault.details.cause.message);
  await web.until('starting');
  await clock.advance(9000);
  const second = web.restart().catch((fault) => fault.details.cause.message);
  await web.until(({ phase, generation }) => phase === 'starting' && generation === 2);
  await clock.advance(9000);
  expect(web.view).toMatchObject({ phase: 'starting', generation: 2 });
  await clock.advance(2000);
  const message = 'not ready after 10 s: log: no line matched "never"';
  expect(await Promise.all([first, second])).toEqual([message, message]);
});

test('a wait that times out says where the process is', async () => {
  const { manager } = await testManager({ processes: { web: { command: 'sleep 60', ready: { log: 'never' } } } });
  const web = manager.process('web');
  await manager.start();
  await web.until('starting');
  await expect(web.until('ready', { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'PB_WAIT_TIMEOUT',
    message: '"web" did not reach "ready" within 20 ms: web is starting, not ready yet.',
    details: { phase: 'starting' },
  });
  const reason = new Error('no longer interested');
  const aborted = new AbortController();
  const waiting = web.until(() => false, { signal: aborted.signal });
  aborted.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(web.until('ready', { signal: aborted.signal })).rejects.toBe(reason);
});
