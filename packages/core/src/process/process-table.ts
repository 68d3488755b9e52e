import { readStamp, type Stamp } from './env-stamp.ts';
import { isLiving, type ProcessEntry, readPids, readProcess } from './procfs.ts';
import { Sweep } from './sweep.ts';

export interface TableEntry extends ProcessEntry {
  readonly stamp?: Stamp;
}

/** The living processes of the machine at one moment, except this one: it must never be taken for a part of a tree. */
export class Snapshot {
  readonly #byPid: ReadonlyMap<number, TableEntry>;
  readonly #byParent: ReadonlyMap<number, readonly TableEntry[]>;
  readonly #byGroup: ReadonlyMap<number, readonly TableEntry[]>;
  readonly #bySession: ReadonlyMap<number, readonly TableEntry[]>;
  readonly #byStamp: ReadonlyMap<Stamp | undefined, readonly TableEntry[]>;

  constructor(entries: readonly TableEntry[]) {
    this.#byPid = new Map(entries.map((entry) => [entry.pid, entry]));
    this.#byParent = Map.groupBy(entries, (entry) => entry.ppid);
    this.#byGroup = Map.groupBy(entries, (entry) => entry.pgid);
    this.#bySession = Map.groupBy(entries, (entry) => entry.session);
    this.#byStamp = Map.groupBy(entries, (entry) => entry.stamp);
  }

  get(pid: number): TableEntry | undefined {
    return this.#byPid.get(pid);
  }

  childrenOf(pid: number): readonly TableEntry[] {
    return this.#byParent.get(pid) ?? [];
  }

  /** The members of the group and of the session of this number. */
  ledBy(pid: number): readonly TableEntry[] {
    return [...(this.#byGroup.get(pid) ?? []), ...(this.#bySession.get(pid) ?? [])];
  }

  /** All that a manager has started, whichever. */
  get stamped(): readonly TableEntry[] {
    return [...this.#byPid.values()].filter(({ stamp }) => stamp !== undefined);
  }

  stampedWith(stamp: Stamp): readonly TableEntry[] {
    return this.#byStamp.get(stamp) ?? [];
  }
}

/** Sweeps of `/proc`. */
export class ProcessTable extends Sweep<Snapshot> {
  constructor() {
    super(takeSnapshot);
  }
}

/** The one of this Node process: everybody who asks shares it. */
export const processTable: ProcessTable = new ProcessTable();

/** How long a process has to be without a stamp to be known as one that never has any: it forks and executes within this, ms. */
const settledMs = 2000;

/**
 * Those without a stamp, by pid: most of a machine. Their environments are not read at each look. What begins later has to
 * get its stamp from one that has it.
 */
let strangers = new Map<number, { readonly startTime: number; readonly since: number }>();

function takeSnapshot(): Snapshot {
  const now = performance.now();
  const known = strangers;
  strangers = new Map();
  const entries: TableEntry[] = [];
  const seen = new Set<number>();
  // A process may fork and exit between the listing and the look at it: neither would be found. So what is new is looked
  // at until nothing is.
  for (let pids = readPids(); pids.length > 0; pids = readPids().filter((pid) => !seen.has(pid))) {
    for (const pid of pids) {
      seen.add(pid);
      const entry = readProcess(pid);
      if (entry === undefined || entry.isKernel || !isLiving(entry) || pid === process.pid) continue;
      const before = known.get(pid);
      const stranger = before?.startTime === entry.startTime ? before : { startTime: entry.startTime, since: now };
      const stamp = now - stranger.since > settledMs ? undefined : readStamp(pid);
      if (stamp === undefined) strangers.set(pid, stranger);
      entries.push(stamp === undefined ? entry : { ...entry, stamp });
    }
  }
  return new Snapshot(entries);
}
