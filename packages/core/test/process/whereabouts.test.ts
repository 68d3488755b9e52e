import { systemClock } from '@promptbin/core';
import { expect, test } from 'vitest';
import type { ProcessRecord } from '../../src/process/record.ts';
import { SharedFile } from '../../src/process/shared-file.ts';
import { treeOf } from '../../src/process/tree.ts';
import { type Told, Whereabouts } from '../../src/process/whereabouts.ts';
import { fixture, freePort, start } from './harness.ts';

/** The whereabouts of the first run of a process of which only `state` is known. */
function whereaboutsOf(told: Partial<Told>, state: { phase: string; generation: number }, clock = systemClock) {
  const stated: unknown[] = [];
  const record = { state, listening: (at: unknown) => stated.push(at) } as unknown as ProcessRecord;
  const shared = new SharedFile('/nowhere', '/', () => undefined);
  const host = { clock, post: (message: () => void) => message(), shared };
  const address = { generation: 1, host: '127.0.0.1', port: 0, strict: false, section: undefined };
  return { whereabouts: new Whereabouts({ ...address, ...told }, record, host), stated };
}

test.each([
  ['of the run that is there is stated', 1, 'running', 1],
  ['of an earlier run is not', 2, 'running', 0],
  ['of a run that is ending is not', 1, 'stopping', 0],
])('what was seen %s', async (_, generation, phase, count) => {
  const port = await freePort();
  const started = start(process.execPath, [fixture('listens.mjs'), `0.0.0.0/${port}`]);
  await started.saw(/listening/);
  const state = { phase: 'running', generation: 1 };
  const { whereabouts, stated } = whereaboutsOf({ port }, state);
  const location = await whereabouts.look(async () => {
    const pids = await treeOf(started.child.pid, undefined);
    Object.assign(state, { phase, generation });
    return pids;
  });
  expect(location).toMatchObject({ isOpen: true, isTaken: false, deviation: expect.stringContaining('0.0.0.0') });
  expect(stated).toHaveLength(count);
});

test('another port counts from the end of the look that found it, up to the beginning of the last one', async () => {
  const port = await freePort();
  const started = start(process.execPath, [fixture('listens.mjs'), `127.0.0.1/${port}`]);
  await started.saw(/listening/);
  let now = 0;
  const clock = { ...systemClock, now: () => now };
  const { whereabouts } = whereaboutsOf({ port: await freePort() }, { phase: 'starting', generation: 1 }, clock);
  const look = async (beganAt: number, endedAt: number): Promise<boolean | undefined> => {
    now = beganAt;
    const location = await whereabouts.look(async () => {
      now = endedAt;
      return treeOf(started.child.pid, undefined);
    });
    return location?.isOpen;
  };
  expect(await look(0, 5000)).toBe(false);
  expect(await look(5000, 9000)).toBe(false);
  expect(await look(7999, 9000)).toBe(false);
  expect(await look(8000, 9000)).toBe(true);
});

test('as long as it listens nowhere, its tree is searched only when a socket is new', async () => {
  const { whereabouts } = whereaboutsOf({ port: await freePort() }, { phase: 'starting', generation: 1 });
  let searched = 0;
  const looks = 20;
  for (let look = 0; look < looks; look += 1) {
    const location = await whereabouts.look(async () => {
      searched += 1;
      return [];
    });
    expect(location).toEqual({ isOpen: false, isTaken: false });
  }
  // Other programs of the machine may open some meanwhile.
  expect(searched).toBeLessThan(looks);
});
