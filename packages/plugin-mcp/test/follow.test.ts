import type { CommandPort, ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import { follow } from '../src/follow.ts';

const event = (seq: number): ManagerEvent => ({ seq, at: 0, type: 'manager.closing', data: { why: 'test' } });

/** Follows a port whose connections are scripted one by one, until they are used up. */
async function followed(connections: readonly { cursor: number | 'gone'; seqs?: readonly number[] }[]): Promise<{
  heard: number[];
  pauses: number[];
  connected: boolean[];
  after: (number | undefined)[];
}> {
  const heard: number[] = [];
  const pauses: number[] = [];
  const connected: boolean[] = [];
  const after: (number | undefined)[] = [];
  const stop = new AbortController();
  let turn = 0;
  const port: CommandPort = {
    commands: async () => [],
    async call() {
      const cursor = connections[turn]?.cursor;
      if (cursor === 'gone') throw new Error('ECONNREFUSED');
      return { ok: true, value: { summary: '', processes: [], eventCursor: cursor } };
    },
    async *subscribe(options) {
      after.push(options?.after);
      for (const seq of connections[turn]?.seqs ?? []) yield event(seq);
      if (turn % 2 === 0) throw new Error('the socket was closed');
    },
  };
  await follow({
    port,
    signal: stop.signal,
    onEvent: ({ seq }) => heard.push(seq),
    onConnected: (_, again) => connected.push(again),
    async sleep(ms) {
      pauses.push(ms);
      turn += 1;
      if (turn === connections.length) stop.abort();
    },
  });
  return { heard, pauses, connected, after };
}

test('goes on after the last event it has seen, whether the stream ended or failed', async () => {
  const { heard, after, connected } = await followed([
    { cursor: 10, seqs: [11, 12] },
    { cursor: 14, seqs: [13, 14] },
    { cursor: 14 },
  ]);
  expect(after).toEqual([10, 12, 14]);
  expect(heard).toEqual([11, 12, 13, 14]);
  expect(connected).toEqual([false, true, true]);
});

test('goes on with the next manager, and hears what was missed of the one before', async () => {
  const { heard, after } = await followed([
    { cursor: 10, seqs: [11] },
    { cursor: 'gone' },
    { cursor: 15, seqs: [12, 13, 14, 15, 16] },
  ]);
  expect(after).toEqual([10, 11]);
  expect(heard).toEqual([11, 12, 13, 14, 15, 16]);
});

test('begins anew with a manager that counts from the beginning', async () => {
  const { after } = await followed([{ cursor: 500, seqs: [501] }, { cursor: 20, seqs: [21] }, { cursor: 21 }]);
  expect(after).toEqual([500, 20, 21]);
});

test('waits twice as long each time, up to 5 s, and starts over after an event', async () => {
  const gone = { cursor: 'gone' } as const;
  const { pauses, connected } = await followed([
    gone,
    gone,
    gone,
    gone,
    gone,
    gone,
    gone,
    { cursor: 0, seqs: [1] },
    gone,
  ]);
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 250, 500]);
  expect(connected).toEqual([true]);
});

test('does not spin on a manager that answers but ends every stream', async () => {
  const { pauses } = await followed([{ cursor: 1 }, { cursor: 1 }, { cursor: 1 }]);
  expect(pauses).toEqual([250, 500, 1000]);
});
