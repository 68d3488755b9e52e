import pidusage from 'pidusage';
import { type Counts, countsOf } from './procfs.ts';

/** What one process has used, and holds. */
export interface Usage extends Counts {
  /** CPU time since its start, ms. */
  readonly cpuMs: number;
  /** Since its start, ms. */
  readonly ageMs: number;
  /** Resident; pages that it shares with others count in full. */
  readonly memoryBytes: number;
}

/**
 * How long pidusage keeps what it knows of a pid, ms: on Linux an open descriptor each. CPU is taken from `ctime`, which
 * needs no memory, so this is only as long as a reading may last: between two of them nothing is held.
 */
const keptMs = 2000;

/** Reads all of them at once; who is gone is left out. */
export async function readUsage(pids: readonly number[]): Promise<ReadonlyMap<number, Usage>> {
  if (pids.length === 0) return new Map();
  const statuses = await readStatuses(pids);
  return new Map(
    pids.flatMap((pid) => {
      const status = statuses[pid];
      if (!status || !Number.isFinite(status.ctime + status.memory)) return [];
      const { ctime: cpuMs, elapsed: ageMs, memory: memoryBytes } = status;
      return [[pid, { cpuMs, ageMs, memoryBytes, ...countsOf(pid) }] as const];
    }),
  );
}

type Statuses = Readonly<Record<number, pidusage.Status | null>>;

async function readStatuses(pids: readonly number[]): Promise<Statuses> {
  // The clock that pidusage goes by.
  const startedAt = Date.now();
  try {
    return await pidusage([...pids], { maxage: keptMs });
  } catch {
    // None of them is there any more.
    return {};
  } finally {
    // When the manager was held up for so long, pidusage may have closed descriptors that it goes on with, which can be
    // those of others by now. Then it must forget them: what it leaks is less than what it could break.
    if (Math.abs(Date.now() - startedAt) >= keptMs) pidusage.clear();
  }
}
