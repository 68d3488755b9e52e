import type { CauseCode, ConditionName, EventMap, EventType, ManagerEvent, Phase } from '@promptbin/core';
import { expect, test } from 'vitest';
import { createNarrator } from '../src/messages.ts';

const of = <K extends EventType>(type: K, data: EventMap[K]): ManagerEvent =>
  ({ seq: 7, at: 0, type, data }) as ManagerEvent;

const phase = (to: Phase): ManagerEvent =>
  of('process.phase', { name: 'web', generation: 1, from: 'starting', to, by: 'ready' });

function exited(cause: CauseCode, code: number | null, condemned = false): ManagerEvent {
  const exit = { code, signal: null, uptimeMs: 1, readyMs: 0, wasReady: false, condemned };
  const because = { code: cause, message: 'as it goes', evidence: [] };
  return of('process.exited', {
    name: 'web',
    generation: 1,
    exit: { ...exit, cause: because },
    lastLines: ['a secret line'],
  });
}

const condition = (name: ConditionName, status: 'true' | 'false' | 'unknown'): ManagerEvent =>
  of('process.condition', {
    name: 'web',
    generation: 1,
    condition: name,
    value: { status, reason: 'Probe', since: 0 },
  });

test.each([
  ['error', phase('failed')],
  ['info', phase('running')],
  ['info', phase('backoff')],
  ['error', exited('exited', 7)],
  ['error', exited('signalled', null)],
  ['info', exited('exited', 0)],
  ['error', exited('startTimeout', 0, true)],
  ['info', exited('requested', 143)],
  ['info', exited('filesChanged', null)],
  ['warning', exited('unhealthy', null)],
  ['warning', condition('healthy', 'false')],
  ['info', condition('healthy', 'unknown')],
  ['info', condition('ready', 'false')],
  ['info', condition('ready', 'true')],
  ['info', of('manager.closing', { why: 'test' })],
])('%s: %o', (level, event) => {
  expect(createNarrator()(event)?.level).toBe(level);
});

test('while it flaps, only that it does is worth a word', () => {
  const narrate = createNarrator();
  const failing = { failures: 1, since: 0 } as const;
  const told = (status: 'true' | 'false', reason: string, verdict?: 'transient' | 'flapping') =>
    narrate(
      of('process.condition', {
        name: 'web',
        generation: 1,
        condition: 'healthy',
        value: { status, reason, since: 0, ...(verdict && { failing: { ...failing, verdict } }) },
      }),
    )?.level;
  expect(told('true', 'CheckFailing', 'transient')).toBe('info');
  expect(told('true', 'Flapping', 'flapping')).toBe('warning');
  expect(told('false', 'CheckFailed', 'flapping')).toBe('debug');
  expect(told('true', 'CheckPassed', 'flapping')).toBe('debug');
  expect(told('true', 'StatusText')).toBe('debug');
  expect(told('true', 'CheckPassed')).toBe('notice');
});

test('ready or healthy after trouble is a recovery, once', () => {
  const narrate = createNarrator();
  const levels = [
    condition('ready', 'true'),
    exited('exited', 1),
    condition('ready', 'true'),
    condition('healthy', 'true'),
    condition('healthy', 'false'),
    condition('healthy', 'true'),
  ].map((event) => narrate(event)?.level);
  expect(levels).toEqual(['info', 'error', 'notice', 'info', 'warning', 'notice']);
});

test('a message names its process and has nothing of its output', () => {
  const message = createNarrator()(exited('exited', 7));
  expect(message).toEqual({
    level: 'error',
    logger: 'promptbin.web',
    data: { message: expect.stringContaining('as it goes'), type: 'process.exited', seq: 7 },
  });
  expect(createNarrator()(of('manager.closing', { why: 'test' }))?.logger).toBe('promptbin');
});

test('samples are not told, nor what is told to subscribers', () => {
  const sample = { name: 'web', generation: 1, cpuPercent: 1, memoryBytes: 1, processes: 1 };
  expect(createNarrator()(of('process.sample', sample))).toBeUndefined();
  expect(createNarrator()(of('resource.changed', { uris: ['notes://1'] }))).toBeUndefined();
});
