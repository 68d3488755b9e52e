import type { EventMap, EventType, ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import { describeOrigin } from '../../src/commands/origin.ts';

/** Events numbered from 1. */
function record(...facts: readonly { [T in EventType]: [T, EventMap[T]] }[EventType][]): readonly ManagerEvent[] {
  return facts.map(([type, data], index) => ({ seq: index + 1, at: index, type, data }) as ManagerEvent);
}

const spawned: ['process.spawned', EventMap['process.spawned']] = [
  'process.spawned',
  { name: 'web', generation: 3, pid: 7, restart: true },
];
const started = (
  previous?: EventMap['manager.started']['previous'],
): ['manager.started', EventMap['manager.started']] => [
  'manager.started',
  { pid: 2, processes: ['web'], plugins: [], ...(previous && { previous }) },
];
const child = { pid: 7, process: 'web', run: 3 };

test.each([
  [
    'killed',
    record(spawned, started({ lastAt: 0, endedCleanly: false })),
    ' under an earlier manager, which was killed after 1970-01-01T00:00:00.000Z',
  ],
  ['ended', record(spawned, started({ lastAt: 0, endedCleanly: true })), ' under an earlier manager'],
  ['unknown to this journal', record(started()), ' under another manager'],
])('what another manager has left, which was %s', (_, events, end) => {
  expect(describeOrigin(child, events, 1)).toBe(`pid 7 comes from run 3 of "web"${end}`);
});

test('a run of this manager with the same number is another one', () => {
  expect(describeOrigin(child, record(started(), spawned), 0)).toMatch(/under another manager$/);
});
