import type { Listener } from '../contract/services.ts';
import { hasProcfs, readCommand, readDescriptors, readPids } from './procfs.ts';
import { type ListeningSocket, listeningSockets } from './sockets.ts';

/** Who listens. Both are absent for a process of another user: its descriptors cannot be read. */
export interface Holder {
  readonly pid?: number;
  readonly command?: string;
}

/** Everybody who listens on a TCP port of any local address; `unknown` where the platform does not tell (not Linux). */
export async function findListener(port: number): Promise<readonly Holder[] | 'unknown'> {
  if (!hasProcfs) return 'unknown';
  const sockets = await socketsOn(port);
  if (sockets.length === 0) return [];
  const pids = readPids().filter((pid) => holdsOne(pid, sockets));
  return pids.length === 0 ? [{}] : pids.map(describe);
}

/** Who listens on `port`, seen from a tree: one of its own, a stranger, or nobody. */
export async function probeListener(port: number, tree: () => Promise<readonly number[]>): Promise<Listener> {
  if (!hasProcfs) return { kind: 'unknown' };
  const sockets = await socketsOn(port);
  if (sockets.length === 0) return { kind: 'nobody' };
  // The tree first: it is small, and looking at every process of the machine is not.
  const ours = (await tree()).find((pid) => holdsOne(pid, sockets));
  if (ours !== undefined) return { kind: 'ours', pid: ours };
  const stranger = findStranger(port, sockets);
  return { kind: 'stranger', ...(stranger === undefined ? {} : describe(stranger)) };
}

/** Those of `sockets` that a process of the tree has. */
export function heldBy(pids: readonly number[], sockets: readonly ListeningSocket[]): readonly ListeningSocket[] {
  const links = new Set(pids.flatMap(readDescriptors));
  return sockets.filter(({ link }) => links.has(link));
}

async function socketsOn(port: number): Promise<readonly ListeningSocket[]> {
  return (await listeningSockets.sweep()).filter((socket) => socket.port === port);
}

// Who was last seen to listen on a port: mostly still the one, and then nobody else has to be looked at.
const lastSeen = new Map<number, number>();

function findStranger(port: number, sockets: readonly ListeningSocket[]): number | undefined {
  const known = lastSeen.get(port);
  if (known !== undefined && holdsOne(known, sockets)) return known;
  const found = readPids().find((pid) => holdsOne(pid, sockets));
  if (found === undefined) lastSeen.delete(port);
  else lastSeen.set(port, found);
  return found;
}

function describe(pid: number): Holder {
  const command = readCommand(pid);
  return command === undefined ? { pid } : { pid, command };
}

function holdsOne(pid: number, sockets: readonly ListeningSocket[]): boolean {
  return heldBy([pid], sockets).length > 0;
}
