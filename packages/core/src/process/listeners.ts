import { readdirSync, readlinkSync } from 'node:fs';
import type { Listener } from '../contract/services.ts';
import { hasProcfs, readCommand, readPids, readProcFile } from './procfs.ts';

/** Who listens. Both are absent for a process of another user: its descriptors cannot be read. */
export interface Holder {
  readonly pid?: number;
  readonly command?: string;
}

/** Everybody who listens on a TCP port of any local address; `unknown` where the platform does not tell (not Linux). */
export async function findListener(port: number): Promise<readonly Holder[] | 'unknown'> {
  if (!hasProcfs) return 'unknown';
  const sockets = listeningSockets(port);
  if (sockets.size === 0) return [];
  const pids = readPids().filter((pid) => holdsOne(pid, sockets));
  return pids.length === 0 ? [{}] : pids.map(describe);
}

/** Who listens on `port`, seen from a tree: one of its own, a stranger, or nobody. */
export async function probeListener(port: number, tree: () => Promise<readonly number[]>): Promise<Listener> {
  if (!hasProcfs) return { kind: 'unknown' };
  const sockets = listeningSockets(port);
  if (sockets.size === 0) return { kind: 'nobody' };
  // The tree first: it is small, and looking at every process of the machine is not.
  const ours = (await tree()).find((pid) => holdsOne(pid, sockets));
  if (ours !== undefined) return { kind: 'ours', pid: ours };
  const stranger = readPids().find((pid) => holdsOne(pid, sockets));
  return { kind: 'stranger', ...(stranger === undefined ? {} : describe(stranger)) };
}

function describe(pid: number): Holder {
  const command = readCommand(pid);
  return command === undefined ? { pid } : { pid, command };
}

/** `0A` is TCP_LISTEN in the fourth column; the port is the hexadecimal end of the second, the inode is the tenth. */
function listeningSockets(port: number): ReadonlySet<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (readProcFile(table)?.toString('latin1') ?? '').split('\n')) {
      const columns = line.trim().split(/\s+/);
      if (columns[3] === '0A' && columns[1]?.endsWith(suffix)) sockets.add(`socket:[${columns[9]}]`);
    }
  }
  return sockets;
}

function holdsOne(pid: number, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((descriptor) => {
      try {
        return sockets.has(readlinkSync(`${folder}/${descriptor}`));
      } catch {
        return false; // Closed in between.
      }
    });
  } catch {
    return false; // Gone, or of another user.
  }
}
