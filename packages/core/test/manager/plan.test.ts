import type { Phase, ResolvedConfig } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Difference, Effect } from '../../src/manager/differences.ts';
import { actionFor, planReload } from '../../src/manager/plan.ts';

type Row = readonly [child: string, readiness: string, live: string, upkeep: string];

const order: readonly Effect[] = ['child', 'readiness', 'live', 'upkeep'];
const untouched: Row = ['update', 'update', 'update', 'update'];

/** What each effect asks for, by phase, of a service that is wanted up. */
const services: Readonly<Record<Phase, Row>> = {
  stopped: untouched,
  waiting: untouched,
  starting: ['restart', 'restart', 'update', 'update'],
  running: ['restart', 'update', 'update', 'update'],
  stopping: ['restart', 'update', 'update', 'update'],
  backoff: ['restart', 'restart', 'restart', 'update'],
  completed: ['restart', 'restart', 'restart', 'update'],
  failed: ['restart', 'restart', 'restart', 'update'],
};
const jobs: Readonly<Record<Phase, Row>> = { ...services, completed: untouched };
const phases = Object.keys(services) as Phase[];

describe('what a difference asks for', () => {
  const cases = (['service', 'job'] as const).flatMap((kind) =>
    phases.flatMap((phase) => order.map((effect, index) => ({ kind, phase, effect, index }))),
  );

  test.each(cases)('$kind, $phase, $effect', ({ kind, phase, effect, index }) => {
    const expected = (kind === 'job' ? jobs : services)[phase][index];
    expect(actionFor(new Set([effect]), { phase, desired: 'up' }, kind)).toBe(expected);
    expect(actionFor(new Set([effect]), { phase, desired: 'down' }, kind)).toBe('update');
  });

  test.each(phases)('nothing, %s', (phase) => {
    expect(actionFor(new Set(), { phase, desired: 'up' }, 'service')).toBe('keep');
  });

  test('the strongest of several', () => {
    const state = { phase: 'running', desired: 'up' } as const;
    expect(actionFor(new Set(['upkeep', 'child', 'live']), state, 'service')).toBe('restart');
  });
});

const configOf = async (dependsOn: Readonly<Record<string, readonly string[]>>): Promise<ResolvedConfig> => {
  const processes = Object.entries(dependsOn).map(([name, needs]) => [name, { command: 'x', dependsOn: needs }]);
  const { resolved } = await resolveConfig({ processes: Object.fromEntries(processes) }, { root: '/' });
  return resolved;
};

const change: Difference = { path: 'command', from: 'x', to: 'y', effect: 'child' };

test('what goes comes first, dependants before what they need; then the rest, dependencies first', async () => {
  const before = await configOf({ web: ['api'], api: ['db'], db: [], tail: [] });
  const after = await configOf({ site: ['cache'], cache: ['db'], db: [], tail: ['db'] });
  const plan = planReload({
    before,
    after,
    survivors: ['stuck'],
    differencesOf: (name) => (name === 'db' ? [change] : []),
    stateOf: () => ({ phase: 'running', desired: 'up' }),
  });
  expect(plan.map(({ action, name }) => `${action} ${name}`)).toEqual([
    'remove stuck',
    'remove web',
    'remove api',
    'restart db',
    'add cache',
    'keep tail',
    'add site',
  ]);
  expect(plan.find(({ name }) => name === 'db')?.changes).toEqual([{ path: 'command', from: 'x', to: 'y' }]);
});
