import type { Phase, Trigger } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { table } from '../../src/state/table.ts';

// Written a second time, in another shape, from the words of ARCHITECTURE.md: phase → what leaves it, and by what.
const leaves: Record<Phase, Partial<Record<Trigger, Phase>>> = {
  stopped: { start: 'waiting', restart: 'waiting' },
  waiting: { stop: 'stopped', admitted: 'starting', refused: 'failed', giveUp: 'failed' },
  starting: {
    stop: 'stopping',
    restart: 'stopping',
    fail: 'stopping',
    ready: 'running',
    retry: 'backoff',
    giveUp: 'failed',
    settle: 'completed',
  },
  running: {
    stop: 'stopping',
    restart: 'stopping',
    fail: 'stopping',
    retry: 'backoff',
    giveUp: 'failed',
    settle: 'completed',
  },
  stopping: {
    reaped: 'stopped',
    relaunch: 'waiting',
    retry: 'backoff',
    giveUp: 'failed',
    settle: 'completed',
    unkillable: 'failed',
  },
  backoff: { start: 'waiting', restart: 'waiting', stop: 'stopped', timer: 'waiting', giveUp: 'failed' },
  completed: { start: 'waiting', restart: 'waiting' },
  failed: { start: 'waiting', restart: 'waiting', stop: 'stopping' },
};

// What anyone may ask at any time, and what may come late: never a defect.
const alwaysLegal: Trigger[] = ['start', 'stop', 'restart', 'fail'];

const cells = Object.entries(table).flatMap(([phase, row]) =>
  Object.entries(row).map(([trigger, cell]) => ({ phase: phase as Phase, trigger: trigger as Trigger, cell })),
);

describe('the transition table', () => {
  test('has a cell for each of 8 phases and 14 triggers', () => {
    expect(cells).toHaveLength(8 * 14);
  });

  test.each(cells)('$phase × $trigger is $cell', ({ phase, trigger, cell }) => {
    const target = leaves[phase][trigger];
    if (target !== undefined) expect(cell).toBe(target);
    else if (alwaysLegal.includes(trigger)) expect(cell).toBe('nop');
    // Asking the gates again changes nothing while it waits.
    else if (phase === 'waiting' && trigger === 'timer') expect(cell).toBe('nop');
    else expect(cell).toBe('defect');
  });

  test('a stop leads out of every phase in which something lives or will', () => {
    for (const phase of ['waiting', 'starting', 'running', 'backoff', 'failed'] as const) {
      expect(['stopping', 'stopped']).toContain(table[phase].stop);
    }
  });
});
