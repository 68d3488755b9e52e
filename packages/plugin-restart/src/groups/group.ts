import { nearest, type PluginConfig, type PluginReport } from '@promptbin/core';
import type { ParsedFields, ParsedOptions } from '../settings.ts';
import type { ParsedGroup } from './settings.ts';

/** A group with its members, in the order of the config. */
export interface Group extends ParsedGroup {
  readonly name: string;
  readonly members: readonly string[];
}

type Membership = readonly [process: string, group: string | undefined];

/** The groups that the members name. Pure. */
export function groupsOf(
  known: Readonly<Record<string, ParsedGroup>>,
  memberships: readonly Membership[],
): readonly Group[] {
  const members = Map.groupBy(memberships, ([, group]) => group);
  return Object.entries(known).map(([name, settings]) => ({
    name,
    ...settings,
    members: (members.get(name) ?? []).map(([process]) => process),
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

/** Tells of members of a group that is not there, and of groups without members. */
export function checkGroups(
  { options, processes }: PluginConfig<ParsedOptions, ParsedFields>,
  report: PluginReport,
): void {
  const known = options.groups ?? {};
  const memberships = processes.map(({ settings, fields }): Membership => [settings.name, fields?.group]);
  for (const [process, name] of memberships) {
    if (name === undefined || Object.hasOwn(known, name)) continue;
    const guess = nearest(name, Object.keys(known));
    const hint = guess === undefined ? 'Add it to the "groups" of the plugin.' : `Did you mean "${guess}"?`;
    report.field(process, { path: ['group'], problem: `is "${name}", which is no group`, hint });
  }
  for (const { name, members } of groupsOf(known, memberships)) {
    if (members.length > 0) continue;
    const hint = `Set restart.group of a process to "${name}", or take the group out.`;
    report.option({ path: ['groups', name], problem: 'has no members', hint });
  }
}
