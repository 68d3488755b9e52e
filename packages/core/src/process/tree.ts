import type { Cgroup } from './cgroups.ts';
import type { Stamp } from './env-stamp.ts';
import { processTable, type Snapshot, type TableEntry } from './process-table.ts';

/** Where a tree starts: the leader of its group and session. */
export interface Root {
  readonly pid: number;
  /** Left out when only the pid is known. */
  readonly startTime?: number | undefined;
  readonly stamp: Stamp | undefined;
  /** All that is in it belongs to the tree. */
  readonly cgroup?: Pick<Cgroup, 'members' | 'kill'> | undefined;
}

/** The living processes of a tree. */
export interface TreeMembers {
  /** In the group, the session or the cgroup of the leader, or carrying its stamp. */
  readonly own: readonly TableEntry[];
  /** Descended from one of those, but with a session and an environment of its own: a child of a nested manager. */
  readonly descended: readonly TableEntry[];
}

/** Finds a tree in a snapshot. */
export function findMembers(snapshot: Snapshot, { pid, startTime, stamp, cgroup }: Root): TreeMembers {
  // The kernel does not give out a pid that a group or a session still has as its number. So a leader with another start
  // time says that our group is empty, and that the one of this number is somebody else's.
  const leader = snapshot.get(pid);
  const groupIsOurs = leader === undefined || startTime === undefined || leader.startTime === startTime;
  const own = new Set(groupIsOurs ? snapshot.ledBy(pid) : []);
  if (stamp !== undefined) for (const entry of snapshot.stampedWith(stamp)) own.add(entry);
  for (const member of cgroup?.members ?? []) {
    const entry = snapshot.get(member);
    if (entry !== undefined) own.add(entry);
  }
  const all = new Set(own);
  // A set is iterated over what is added on the way, too.
  for (const ancestor of all) for (const child of snapshot.childrenOf(ancestor.pid)) all.add(child);
  return { own: [...own], descended: [...all].slice(own.size) };
}

/**
 * The living pids of the tree of a leader: its group, its session, what carries its stamp, and what descends from those;
 * the leader first. Empty where there is no `/proc`.
 */
export async function treeOf(leaderPid: number, stamp: Stamp | undefined): Promise<readonly number[]> {
  const { own, descended } = findMembers(await processTable.sweep(), { pid: leaderPid, stamp });
  const pids = [...own, ...descended].map((entry) => entry.pid);
  return pids.toSorted((a, b) => Number(b === leaderPid) - Number(a === leaderPid));
}
