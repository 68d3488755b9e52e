import type { Cause, EventMap, ManagerEvent } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { initialState, type ProcessState, reduce } from '../../src/state/reducer.ts';
import { viewOf } from '../../src/state/view.ts';

const began = 1_000;
const cause: Cause = { code: 'exited', message: 'exited with code 1', evidence: [] };
const idle = initialState('web', 'service', began);
const exit = { code: 1, signal: null, uptimeMs: 5, readyMs: 0, wasReady: false, condemned: false, cause };

function after<K extends keyof EventMap>(state: ProcessState, type: K, data: EventMap[K], at = 2_000): ProcessState {
  return reduce(state, { seq: 1, at, type, data } as unknown as ManagerEvent);
}

const spawned = after(idle, 'process.spawned', {
  name: 'web',
  generation: 1,
  pid: 7,
  port: 80,
  url: 'http://x',
  restart: false,
});

describe('a process that has done nothing', () => {
  test('is stopped, not wanted, and nothing is known of it', () => {
    expect(viewOf(idle, undefined)).toEqual({
      name: 'web',
      kind: 'service',
      phase: 'stopped',
      desired: 'down',
      ready: false,
      restarts: 0,
      generation: 0,
      attempt: 0,
      since: '1970-01-01T00:00:01.000Z',
      conditions: {
        ready: { status: 'unknown', reason: 'NotSpawned', since: began },
        healthy: { status: 'unknown', reason: 'NotSpawned', since: began },
      },
    });
  });
});

describe('what each event changes', () => {
  test('process.desired: the wish, and with a fresh start the budget', () => {
    const used = { ...idle, attempt: 4 };
    const wish = { name: 'web', desired: 'up', cause } as const;
    expect(after(used, 'process.desired', { ...wish, fresh: false })).toEqual({ ...used, desired: 'up' });
    expect(after(used, 'process.desired', { ...wish, fresh: true })).toEqual({ ...used, desired: 'up', attempt: 0 });
  });

  test('process.phase: the phase and since when, the cause when there is one, and what belonged to the phase before', () => {
    const waiting = { ...spawned, phase: 'waiting', waitingFor: ['db'], cause } as const;
    const move = { name: 'web', generation: 1, from: 'waiting', by: 'admitted' } as const;
    const starting = after(waiting, 'process.phase', { ...move, to: 'starting' }, 3_000);
    expect(starting).toMatchObject({ phase: 'starting', since: 3_000, waitingFor: [], pid: 7, port: 80 });
    expect(starting.cause).toBeUndefined();
    expect(after(starting, 'process.phase', { ...move, to: 'failed', cause }).cause).toBe(cause);
  });

  test('process.phase to stopped gives up port and URL; any other phase keeps them', () => {
    const move = { name: 'web', generation: 1, from: 'stopping', by: 'reaped' } as const;
    expect(after(spawned, 'process.phase', { ...move, to: 'waiting' })).toMatchObject({ port: 80, url: 'http://x' });
    const stopped = after(spawned, 'process.phase', { ...move, to: 'stopped' });
    expect(stopped).not.toHaveProperty('port');
    expect(stopped).not.toHaveProperty('url');
  });

  test('process.waiting: what it waits for', () => {
    expect(after(idle, 'process.waiting', { name: 'web', waitingFor: ['db'] })).toEqual({
      ...idle,
      waitingFor: ['db'],
    });
  });

  test('process.spawned: a new run, about which nothing is known yet', () => {
    expect(spawned).toMatchObject({
      pid: 7,
      generation: 1,
      port: 80,
      url: 'http://x',
      restarts: 0,
      ready: { status: 'false', reason: 'Starting', since: 2_000 },
      healthy: { status: 'unknown', reason: 'NotChecked', since: 2_000 },
    });
    const again = after(spawned, 'process.spawned', { name: 'web', generation: 2, pid: 8, restart: true });
    expect(again).toMatchObject({ pid: 8, generation: 2, restarts: 1 });
    expect(again).not.toHaveProperty('port');
  });

  test('process.exited: how it ended; the conditions of a run end with it', () => {
    const exited = after(spawned, 'process.exited', { name: 'web', generation: 1, exit, lastLines: [] });
    expect(exited).toMatchObject({
      lastExit: { code: 1, signal: null, at: '1970-01-01T00:00:02.000Z' },
      ready: { status: 'false', reason: 'Exited', message: cause.message },
      healthy: { status: 'unknown' },
      port: 80,
    });
    expect(exited).not.toHaveProperty('pid');
  });

  test('process.retry: which attempt and when, until the next phase', () => {
    const retrying = after(spawned, 'process.retry', { name: 'web', generation: 1, delayMs: 500, attempt: 2 });
    expect(retrying).toMatchObject({ attempt: 2, retryAt: 2_500 });
    const move = { name: 'web', generation: 1, from: 'running', by: 'retry' } as const;
    const backoff = after(retrying, 'process.phase', { ...move, to: 'backoff', cause });
    expect(viewOf(backoff, undefined)).toMatchObject({ retryAt: '1970-01-01T00:00:02.500Z', attempt: 2 });
    expect(after(backoff, 'process.phase', { ...move, from: 'backoff', to: 'waiting' })).not.toHaveProperty('retryAt');
  });

  test.each(['ready', 'healthy'] as const)('process.condition: %s', (condition) => {
    const value = { status: 'true', reason: 'Fine', since: 2_000 } as const;
    const known = after(spawned, 'process.condition', { name: 'web', generation: 1, condition, value });
    expect(known).toEqual({ ...spawned, [condition]: value });
  });

  const stop = { signalled: [], killed: [], escaped: [], portsFreed: [], tookMs: 1 };
  const facts: Partial<EventMap> = {
    'manager.started': { pid: 1, processes: [], plugins: [] },
    'manager.closing': { why: 'x' },
    'manager.defect': { message: 'x' },
    'config.loaded': { processes: 1, plugins: [] },
    'process.sample': { name: 'web', generation: 1, cpuPercent: 1, memoryBytes: 1, processes: 1 },
    'process.stopped': { name: 'web', generation: 1, ...stop },
    'process.logFault': { name: 'web', file: 'x', message: 'x' },
    'plugin.fault': { plugin: 'x', hook: 'x', code: 'PB_PLUGIN_THREW', message: 'x' },
    'plugin.muted': { plugin: 'x', faults: 5, windowMs: 1 },
  };
  test.each(Object.entries(facts))('%s: nothing', (type, data) => {
    expect(after(spawned, type as keyof EventMap, data as never)).toBe(spawned);
  });
});

test('what is said of another process changes nothing', () => {
  const others: Partial<EventMap> = {
    'process.desired': { name: 'db', desired: 'up', cause, fresh: true },
    'process.phase': { name: 'db', generation: 1, from: 'stopped', to: 'waiting', by: 'start' },
    'process.waiting': { name: 'db', waitingFor: ['x'] },
    'process.spawned': { name: 'db', generation: 9, pid: 9, restart: true },
    'process.exited': { name: 'db', generation: 1, exit, lastLines: [] },
    'process.retry': { name: 'db', generation: 1, delayMs: 1, attempt: 1 },
    'process.condition': {
      name: 'db',
      generation: 1,
      condition: 'ready',
      value: { status: 'true', reason: 'x', since: 1 },
    },
  };
  for (const [type, data] of Object.entries(others)) {
    expect(after(spawned, type as keyof EventMap, data as never), type).toBe(spawned);
  }
});

test('ready means: running and the condition holds; for a job: completed', () => {
  const holds = { status: 'true', reason: 'x', since: 0 } as const;
  const ready = (change: Partial<ProcessState>): boolean => viewOf({ ...idle, ...change }, undefined).ready;
  expect(ready({ phase: 'running', ready: holds })).toBe(true);
  expect(ready({ phase: 'starting', ready: holds })).toBe(false);
  expect(ready({ phase: 'running', ready: { ...holds, status: 'unknown' } })).toBe(false);
  expect(ready({ kind: 'job', phase: 'running', ready: holds })).toBe(false);
  expect(ready({ kind: 'job', phase: 'completed' })).toBe(true);
  expect(ready({ phase: 'completed', ready: holds })).toBe(false);
});
