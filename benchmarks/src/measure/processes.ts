import { readdirSync } from 'node:fs';
import { readProc } from '../../../test-support/alive.ts';

/** Every process that a benchmark starts inherits it. */
export const markName = 'PROMPTBIN_BENCH_RUN';

export interface Usage {
  /** Time on a processor since it began, ns. */
  readonly cpuNs: number;
  /** Resident, bytes. What is shared is counted in each. */
  readonly rssBytes: number;
  /** How often a thread went to sleep by itself since it began. */
  readonly wakeUps: number;
}

function allPids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Those that carry the mark in their environment, and what these have begun with another environment. */
export function markedProcesses(mark: string): number[] {
  const parents = new Map<number, number>();
  const found = new Set<number>();
  for (const pid of allPids()) {
    const environ = readProc(`/proc/${pid}/environ`);
    const stat = readProc(`/proc/${pid}/stat`);
    if (stat === '') continue;
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') continue;
    parents.set(pid, Number(parent));
    if (environ.split('\0').includes(`${markName}=${mark}`)) found.add(pid);
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** What they have used in all. */
export function usageOf(pids: readonly number[]): Usage {
  let [cpuNs, rssBytes, wakeUps] = [0, 0, 0];
  for (const pid of pids) {
    rssBytes += Number(/^VmRSS:\s+(\d+)/m.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
    for (const thread of threadsOf(pid)) {
      const folder = `/proc/${pid}/task/${thread}`;
      cpuNs += Number(readProc(`${folder}/schedstat`).split(' ')[0]);
      wakeUps += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readProc(`${folder}/status`))?.[1] ?? 0);
    }
  }
  return { cpuNs, rssBytes, wakeUps };
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Ends all of them, by pid. */
export function killMarked(mark: string): void {
  for (;;) {
    const pids = markedProcesses(mark);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
  }
}
