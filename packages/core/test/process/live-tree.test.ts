import { expect, test } from 'vitest';
import type { Clock } from '../../src/contract/clock.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Child } from '../../src/process/leader.ts';
import { GroupTree, type LiveTree } from '../../src/process/live-tree.ts';
import { Reaper } from '../../src/process/reaper.ts';
import { start } from './harness.ts';

test('without /proc a group is ended by its number', async () => {
  const started = start('sh', ['-c', 'echo ready; exec sleep 60']);
  await started.saw(/ready/);
  const tree = new GroupTree(started.child.pid);
  const leader = { pid: started.child.pid, own: true };
  expect(await tree.find()).toEqual([leader]);
  expect(tree.signal([leader], 'SIGTERM')).toEqual([leader]);
  await started.exited;
  await expect.poll(() => tree.find()).toEqual([]);
  expect(tree.signal([leader], 'SIGTERM')).toEqual([]);
});

test('without /proc a group that ignores the signal is killed', async () => {
  const started = start('sh', ['-c', 'trap "" TERM; echo ready; exec sleep 60']);
  await started.saw(/ready/);
  const tree = new GroupTree(started.child.pid);
  const child: Child = {
    pid: started.child.pid,
    get alive() {
      return started.child.alive;
    },
    exited: started.exited,
    drain: async () => undefined,
    signal: () => false,
    closePipes: () => undefined,
  };
  const reaper = new Reaper(
    child,
    started.exited.then(() => undefined),
    tree,
    started.plan,
    systemClock,
  );
  expect(await reaper.reap({ signal: 'SIGTERM', graceMs: 100 })).toMatchObject({
    signalled: [child.pid],
    killed: [child.pid],
    escaped: [],
  });
});

test('what survives SIGKILL is named as escaped, within the time', async () => {
  // No real process survives SIGKILL on request.
  const survivor = { pid: 4711, own: true };
  const immortal: LiveTree = {
    find: async () => [survivor],
    isAlive: () => true,
    signal: (members) => members,
  };
  let now = 0;
  const clock: Clock = {
    ...systemClock,
    now: () => {
      now += 100;
      return now;
    },
  };
  const child: Child = {
    pid: 4711,
    alive: true,
    exited: new Promise(() => undefined),
    drain: async () => undefined,
    signal: () => false,
    closePipes: () => expect.unreachable('the survivor still writes'),
  };
  const { plan } = start('true', [], { port: 1 });
  const reaper = new Reaper(child, new Promise(() => undefined), immortal, plan, clock);
  expect(await reaper.reap({ signal: 'SIGTERM', graceMs: 0 })).toMatchObject({ killed: [4711], escaped: [4711] });
  expect(now).toBeLessThanOrEqual(6000);
});
