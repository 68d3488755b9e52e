import type { ProcessView } from '@promptbin/core';

/** A status with just what a test is about. */
export function view(name: string, facts: Partial<ProcessView> = {}): ProcessView {
  const condition = { status: 'unknown', reason: 'Test', since: 0 } as const;
  return {
    name,
    kind: 'service',
    phase: 'running',
    desired: 'up',
    ready: facts.phase === undefined || facts.phase === 'running',
    restarts: 0,
    generation: 1,
    attempt: 0,
    since: '2026-01-01T00:00:00.000Z',
    conditions: { ready: condition, healthy: condition },
    ...facts,
  };
}
