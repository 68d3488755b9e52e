import { nearest } from '@promptbin/core';
import type { ParsedGroup } from './settings.ts';

/** A group with its members, in the order of the config. */
export interface Group extends ParsedGroup {
  readonly name: string;
  readonly members: readonly string[];
}

/** The groups that the members name. Pure. */
export function groupsOf(
  known: Readonly<Record<string, ParsedGroup>>,
  memberships: readonly (readonly [process: string, group: string | undefined])[],
): readonly Group[] {
  return Object.entries(known).map(([name, settings]) => ({
    name,
    ...settings,
    members: memberships.flatMap(([process, group]) => (group === name ? [process] : [])),
  }));
}

/** Who is restarted with `failed`, in the order of the config. Pure. */
export function restartedWith({ strategy, members }: Group, failed: string): readonly string[] {
  switch (strategy) {
    case 'one':
      return [];
    case 'rest':
      return members.slice(members.indexOf(failed) + 1);
    default:
      return members.filter((name) => name !== failed);
  }
}

/** The first thing that is wrong with how processes and groups name each other; undefined when all fits. Pure. */
export function mistakeInGroups(
  known: Readonly<Record<string, ParsedGroup>>,
  memberships: readonly (readonly [process: string, group: string | undefined])[],
): string | undefined {
  for (const [process, name] of memberships) {
    if (name === undefined || Object.hasOwn(known, name)) continue;
    const guess = nearest(name, Object.keys(known));
    const hint = guess === undefined ? 'add it to the `groups` of the plugin' : `did you mean "${guess}"?`;
    return `processes.${process}.restart.group is "${name}", which is no group: ${hint}`;
  }
  const empty = groupsOf(known, memberships).find(({ members }) => members.length === 0);
  if (empty === undefined) return undefined;
  const { name } = empty;
  return `group "${name}" has no members: set restart.group of a process to "${name}", or take the group out`;
}
