import type { Phase, ProcessView } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { actionWhenDue } from '../../src/schedule/due.ts';

const view = (facts: Partial<ProcessView>) => ({ kind: 'service', desired: 'up', ...facts }) as ProcessView;
const requested = { code: 'requested', message: 'stop requested', evidence: [] } as const;

const wanted: Record<Phase, readonly [service: string, job: string]> = {
  stopped: ['leave', 'leave'],
  waiting: ['overlap', 'overlap'],
  starting: ['overlap', 'overlap'],
  running: ['restart', 'overlap'],
  stopping: ['overlap', 'overlap'],
  backoff: ['overlap', 'overlap'],
  completed: ['start', 'start'],
  failed: ['leave', 'start'],
};

describe('at its time', () => {
  it.each(Object.entries(wanted))('one that is wanted and %s', (phase, [service, job]) => {
    expect(actionWhenDue(view({ phase: phase as Phase }), false)).toBe(service);
    expect(actionWhenDue(view({ phase: phase as Phase, kind: 'job' }), false)).toBe(job);
  });

  it.each(Object.keys(wanted))('one that was stopped on request is left alone, %s', (phase) => {
    for (const kind of ['service', 'job'] as const) {
      const stopped = view({ phase: phase as Phase, kind, desired: 'down', cause: requested });
      expect(actionWhenDue(stopped, false)).toBe('leave');
    }
  });

  it('a job that nobody has asked for yet runs, a service does not', () => {
    const idle = { phase: 'stopped', desired: 'down' } as const;
    expect(actionWhenDue(view({ ...idle, kind: 'job' }), false)).toBe('start');
    expect(actionWhenDue(view(idle), false)).toBe('leave');
  });

  it('a job that was stopped in a manager before this one is left alone', () => {
    expect(actionWhenDue(view({ phase: 'stopped', desired: 'down', kind: 'job' }), true)).toBe('leave');
  });
});
