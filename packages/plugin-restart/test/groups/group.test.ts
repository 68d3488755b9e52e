import type { Plugin } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { mistakesInFields } from '../../../../test-support/mistakes.ts';
import { type Group, groupsOf, restartedWith } from '../../src/groups/group.ts';
import type { Strategy } from '../../src/groups/settings.ts';
import { type RestartOptions, restart } from '../../src/index.ts';

const settings = { strategy: 'one', maxRestarts: 5, window: 60_000 } as const;

describe('who is restarted with a member', () => {
  const group = (strategy: Strategy): Group => ({ ...settings, name: 'g', strategy, members: ['a', 'b', 'c'] });

  it.each([
    ['one', 'b', []],
    ['rest', 'a', ['b', 'c']],
    ['rest', 'b', ['c']],
    ['rest', 'c', []],
    ['all', 'a', ['b', 'c']],
    ['all', 'b', ['a', 'c']],
  ] as const)('%s, %s failed: %j', (strategy, failed, expected) => {
    expect(restartedWith(group(strategy), failed)).toEqual(expected);
  });

  it('the order is that of the config', () => {
    const [found] = groupsOf({ g: settings }, [
      ['z', 'g'],
      ['y', undefined],
      ['a', 'g'],
    ]);
    expect(found?.members).toEqual(['z', 'a']);
  });
});

describe('a mistake', () => {
  const mistakes = (groups: RestartOptions['groups'], fields: unknown) =>
    mistakesInFields(restart({ groups }) as unknown as Plugin, fields);

  it('is a group that is not there: the nearest one is named', async () => {
    expect(await mistakes({ backend: {} }, { group: 'backnd' })).toEqual([
      'processes.web.restart.group is "backnd", which is no group. Did you mean "backend"?',
      'plugins[0].groups.backend has no members. Set restart.group of a process to "backend", or take the group out.',
    ]);
    expect(await mistakes(undefined, { group: 'backend' })).toEqual([
      'processes.web.restart.group is "backend", which is no group. Add it to the "groups" of the plugin.',
    ]);
  });

  it('is none when all fits', async () => {
    expect(await mistakes({ backend: {} }, { group: 'backend' })).toEqual([]);
    expect(await mistakes({}, 'always')).toEqual([]);
  });
});
