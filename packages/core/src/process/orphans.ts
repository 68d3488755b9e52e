import { realpathSync } from 'node:fs';
import type { Clock } from '../contract/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import { identityIn, isKept, isOrphaned, issuerIn, readMarks, type Stamp } from './env-stamp.ts';
import { Extinction } from './extinction.ts';
import { signalProcess } from './kill.ts';
import type { LiveTree, Member } from './live-tree.ts';
import { processTable, type TableEntry } from './process-table.ts';
import { hasProcfs, isAlive, type ProcessIdentity, readCommand } from './procfs.ts';
import { findMembers } from './tree.ts';

/** A process that a manager has started which is gone, and nobody has ended. */
export interface Orphan extends ProcessIdentity {
  /** Absent when it has ended meanwhile. */
  readonly command?: string;
  /** The process of the config that it comes from, and which run of it. */
  readonly process: string;
  readonly run: number;
  /** Pid that its manager had. */
  readonly manager: number;
  /** It is to go on without its manager: the next one takes it over. */
  readonly kept: boolean;
  /** The folder of the config. */
  readonly project: string;
}

/** What came of ending orphans. */
export interface OrphansEnded {
  readonly ended: readonly number[];
  /** Pids of those that could not be ended. */
  readonly left: readonly number[];
}

/**
 * The orphans of a project, oldest first: what a living manager has started is none. Undefined where that cannot be told (not Linux).
 *
 * @param project the folder of the config
 */
export async function findOrphans(project: string): Promise<readonly Orphan[] | undefined> {
  if (!hasProcfs) return undefined;
  const home = real(project);
  const snapshot = await processTable.sweep();
  const orphans = snapshot.stamped.flatMap(({ pid, startTime }): Orphan[] => {
    const marks = readMarks(pid);
    const issuer = marks && issuerIn(marks.stamp);
    if (marks?.project === undefined || issuer === undefined) return [];
    if (real(marks.project) !== home || !isOrphaned(marks.stamp)) return [];
    const command = readCommand(pid);
    const { project } = marks;
    const origin = {
      ...identityIn(marks.stamp),
      manager: issuer.pid,
      kept: isKept(marks.stamp),
      project,
    };
    return [{ pid, startTime, ...(command === undefined ? {} : { command }), ...origin }];
  });
  return orphans.toSorted((a, b) => a.startTime - b.startTime);
}

/**
 * Ends orphans with all that has come from them: SIGTERM, a grace, SIGKILL. Each is looked at again before it gets a signal, so that
 * nobody else who has its pid by now gets one.
 *
 * @param graceMs from SIGTERM to SIGKILL
 */
export async function endOrphans(
  orphans: readonly Orphan[],
  { graceMs = 5000, clock = systemClock }: { readonly graceMs?: number; readonly clock?: Clock } = {},
): Promise<OrphansEnded> {
  const { signalled, killed, left } = await new Extinction(new OrphanTree(orphans), clock).run('SIGTERM', graceMs);
  const living = left.map(({ pid }) => pid);
  return { ended: [...new Set([...signalled, ...killed])].filter((pid) => !living.includes(pid)), left: living };
}

type Followed = Member & TableEntry;

/** What carries the stamps of some orphans, and what is in their groups or descends from them. */
class OrphanTree implements LiveTree {
  readonly #stamps: ReadonlySet<Stamp>;

  constructor(orphans: readonly Orphan[]) {
    this.#stamps = new Set(orphans.filter(isAlive).flatMap(({ pid }) => readMarks(pid)?.stamp ?? []));
  }

  async find(): Promise<readonly Followed[]> {
    const snapshot = await processTable.sweep();
    const found = new Map<number, Followed>();
    for (const stamp of this.#stamps) {
      for (const pgid of new Set(snapshot.stampedWith(stamp).map((entry) => entry.pgid))) {
        const { own, descended } = findMembers(snapshot, { pid: pgid, stamp });
        for (const entry of descended) if (!found.has(entry.pid)) found.set(entry.pid, { ...entry, own: false });
        for (const entry of own) found.set(entry.pid, { ...entry, own: true });
      }
    }
    return [...found.values()];
  }

  isAlive(member: Followed): boolean {
    return isAlive(member);
  }

  signal(members: readonly Followed[], ...signals: readonly NodeJS.Signals[]): readonly Followed[] {
    return members.filter((member) => signalProcess(member, signals));
  }
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
