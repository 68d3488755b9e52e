import type { Listener, NetworkService } from '@promptbin/core';
import { expect, test } from 'vitest';
import { PortCondition } from '../../src/process/port-condition.ts';
import type { Location, Whereabouts } from '../../src/process/whereabouts.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const stranger: Listener = { kind: 'stranger', pid: 4711, command: 'nginx' };

/** The condition of a process that was told port 5000, as the platform tells it. */
function conditionOf(look: () => Promise<Location | undefined>, listener: () => Listener) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const whereabouts = { told: { port: 5000 }, look } as unknown as Whereabouts;
  const network = { listener: async () => listener(), tree: async () => [] } as unknown as NetworkService;
  const condition = new PortCondition('web', whereabouts, { clock, network }, (why) => told.push(why));
  const deadline = new AbortController();
  return { condition, clock, told, deadline, verdict: condition.run(deadline.signal) };
}

test('where the platform does not tell who listens, whoever accepts a connection counts', async () => {
  let listener: Listener = { kind: 'nobody' };
  const { clock, verdict } = conditionOf(
    async () => undefined,
    () => listener,
  );
  await clock.advance(1000);
  listener = { kind: 'unknown' };
  await clock.advance(1000);
  expect(await verdict).toEqual({ ready: true });
});

test('nobody on the port is no news before the deadline', async () => {
  const { condition, clock, told, deadline, verdict } = conditionOf(
    async () => ({ isOpen: false, isTaken: false }),
    () => expect.unreachable('there is nobody to ask about'),
  );
  await clock.advance(60_000);
  deadline.abort();
  expect(await verdict).toEqual({ ready: false, why: 'nobody listens on port 5000' });
  expect([told, condition.isTaken]).toEqual([[], false]);
});

test('a stranger is told once, after 3 s, and again only when something else is in the way', async () => {
  let deviation: string | undefined;
  const { condition, clock, told, deadline, verdict } = conditionOf(
    async () => ({ isOpen: false, isTaken: true, ...(deviation !== undefined && { deviation }) }),
    () => stranger,
  );
  const why = 'port 5000 is answered by pid 4711 (nginx), not by this process';
  await clock.advance(2500);
  expect(told).toEqual([]);
  await clock.advance(10_000);
  expect(told).toEqual([why]);
  deviation = 'listens on ports 5001, 5002, not on 5000 as it was told';
  await clock.advance(10_000);
  expect(told).toEqual([why, `${deviation}; ${why}`]);
  deadline.abort();
  expect(await verdict).toEqual({ ready: false, why: `${deviation}; ${why}` });
  expect(condition.isTaken).toBe(true);
});

test('the deadline does not wait for a look that is under way', async () => {
  const looks: (Promise<Location> | undefined)[] = [Promise.resolve({ isOpen: false, isTaken: true })];
  const { clock, deadline, verdict } = conditionOf(
    () => looks.shift() ?? new Promise(() => undefined),
    () => stranger,
  );
  await clock.advance(10_000);
  deadline.abort();
  expect(await verdict).toMatchObject({ ready: false, why: expect.stringContaining('pid 4711') });
});
