import { readdir, stat } from 'node:fs/promises';

/** What only Linux tells, in `/proc`. */
export interface Counts {
  readonly threads?: number;
  readonly descriptors?: number;
}

/** Threads and open descriptors of a process; what cannot be read, as on other systems, is absent. */
export async function countsOf(pid: number, root: string = '/proc'): Promise<Counts> {
  if (process.platform !== 'linux') return {};
  const [threads, descriptors] = await Promise.all([
    // A folder has two links more than folders in it.
    stat(`${root}/${pid}/task`).then(
      ({ nlink }) => nlink - 2,
      () => undefined,
    ),
    countDescriptors(`${root}/${pid}/fd`),
  ]);
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(descriptors === undefined ? {} : { descriptors }),
  };
}

async function countDescriptors(folder: string): Promise<number | undefined> {
  try {
    // Linux 6.2 and later tells the number as the size of the folder; a process may have 100,000.
    const { size } = await stat(folder);
    return size > 0 ? size : (await readdir(folder)).length;
  } catch {
    return undefined;
  }
}
