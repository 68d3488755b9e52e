import type { Plugin } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { testManager } from '../../../core/test/support/project.ts';
import { type Group, groupsOf, mistakeInGroups, restartedWith } from '../../src/groups/group.ts';
import type { Strategy } from '../../src/groups/settings.ts';
import { restart } from '../../src/index.ts';

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
  const backend = { backend: settings };

  it('is a group that is not there: the nearest one is named', () => {
    expect(mistakeInGroups(backend, [['db', 'backnd']])).toBe(
      'processes.db.restart.group is "backnd", which is no group: did you mean "backend"?',
    );
    expect(mistakeInGroups({}, [['db', 'backend']])).toContain('add it to the `groups` of the plugin');
  });

  it('is a group that nobody is in', () => {
    expect(mistakeInGroups(backend, [['db', undefined]])).toBe(
      'group "backend" has no members: set restart.group of a process to "backend", or take the group out',
    );
  });

  it('is none when all fits', () => {
    expect(mistakeInGroups(backend, [['db', 'backend']])).toBeUndefined();
    expect(mistakeInGroups({}, [['db', undefined]])).toBeUndefined();
  });

  it('fails the boot', async () => {
    const plugins = [restart({ groups: { backend: {} } })] as unknown as Plugin[];
    const web = { command: 'true', restart: { group: 'backnd' } };
    await expect(testManager({ plugins, processes: { web } }, { log: false })).rejects.toMatchObject({
      code: 'PB_CONFIGURE_FAILED',
      message: expect.stringContaining('did you mean "backend"?'),
    });
  });
});
