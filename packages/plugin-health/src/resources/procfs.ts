import { readdirSync, statSync } from 'node:fs';

/** What only Linux tells, in `/proc`. */
export interface Counts {
  readonly threads?: number;
  readonly descriptors?: number;
}

/** Threads and open descriptors of a process; what cannot be read, as on other systems, is absent. */
export function countsOf(pid: number, root: string = '/proc'): Counts {
  if (process.platform !== 'linux') return {};
  // The kernel answers from memory, in microseconds: a thread for each would cost more. A folder has two links more than
  // folders in it.
  const threads = attempt(() => statSync(`${root}/${pid}/task`).nlink - 2);
  const descriptors = attempt(() => countDescriptors(`${root}/${pid}/fd`));
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(descriptors === undefined ? {} : { descriptors }),
  };
}

function countDescriptors(folder: string): number {
  // Linux 6.2 and later tells the number as the size of the folder; a process may have 100,000.
  const { size } = statSync(folder);
  return size > 0 ? size : readdirSync(folder).length;
}

function attempt(count: () => number): number | undefined {
  try {
    return count();
  } catch {
    return undefined;
  }
}
