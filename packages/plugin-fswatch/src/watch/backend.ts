import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How often is looked where the system cannot tell, ms. */
export const defaultPollMs = 500;

/** File systems on which others make changes that this kernel does not see; by their number in `statfs(2)`. */
const remote: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
  [0x6a656a63, 'virtiofs'],
  [0x786f4256, 'a shared folder of VirtualBox'],
  [0xbacbacbc, 'a shared folder of VMware'],
]);

/**
 * Why the changes in a folder cannot all be told by the system; undefined when they can.
 *
 * @param stats in tests
 */
export async function whyToPoll(
  paths: readonly string[],
  stats: (path: string) => Promise<{ readonly type: number }> = statfs,
): Promise<string | undefined> {
  for (const path of paths) {
    const { type } = await stats(existing(path)).catch(() => ({ type: 0 }));
    const name = remote.get(type);
    if (name !== undefined) return `${path} is on ${name}, which does not tell what others change there`;
  }
  return undefined;
}

/** Whether the system refuses to tell more, and what can be done; undefined for any other fault. */
export function limitReached({ code }: NodeJS.ErrnoException): string | undefined {
  // inotify's own words for "no more watches"; nothing is wrong with the disk.
  if (code === 'ENOSPC') {
    const limit = read('/proc/sys/fs/inotify/max_user_watches');
    return `the limit of watched files is reached (fs.inotify.max_user_watches${limit}); raise it by "sysctl fs.inotify.max_user_watches=524288", or watch less`;
  }
  if (code !== 'EMFILE') return undefined;
  const limit = read('/proc/sys/fs/inotify/max_user_instances');
  return `the limit of open files or of watchers is reached (ulimit -n, or fs.inotify.max_user_instances${limit}); raise it, or watch less`;
}

function read(file: string): string {
  try {
    return `, now ${readFileSync(file, 'utf8').trim()}`;
  } catch {
    return '';
  }
}

/** What is there of a path that need not exist yet. */
function existing(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existing(dirname(path));
}
