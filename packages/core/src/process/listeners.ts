import type { Holder, Listener } from '../contract/services.ts';
import { reachedAt } from './address.ts';
import { identityIn, isOrphaned, readStamp } from './env-stamp.ts';
import { hasProcfs, readCommand, readDescriptors, readPids } from './procfs.ts';
import { type ListeningSocket, listeningSockets } from './sockets.ts';
import { visitedHost } from './url.ts';

/** Everybody who listens on a TCP port of any local address; `unknown` where the platform does not tell (not Linux). */
export async function findListener(port: number): Promise<readonly Holder[] | 'unknown'> {
  if (!hasProcfs) return 'unknown';
  const sockets = await socketsOn(port);
  if (sockets.length === 0) return [];
  const pids = readPids().filter((pid) => holdsOne(pid, sockets));
  return pids.length === 0 ? [{}] : pids.map(describe);
}

/** What is asked about a port. */
export interface PortQuestion {
  readonly port: number;
  /** Tried one after the other: who gets the connections counts. Absent: whoever listens on any address. */
  readonly addresses?: readonly string[] | undefined;
}

/** A tree, as the same incarnation always asks. */
export interface Asker {
  tree(): Promise<readonly number[]>;
  /** Links of its sockets that were found so far, and the pids that had them: no other process can have the same ones later. */
  readonly sockets: Map<string, number>;
}

/** How old a look may be to show that its own socket is still there, ms: one costs some 10 ms, and every check asks. */
const trustedMs = 500;

/** Who listens, seen from a tree: one of its own, a stranger, or nobody. Who shares an address with a stranger is a stranger there. */
export async function probeListener(question: PortQuestion, { tree, sockets: own }: Asker): Promise<Listener> {
  if (!hasProcfs) return { kind: 'unknown' };
  const known = ownAmong(socketsOf(question, await listeningSockets.recent(trustedMs)), question, own);
  if (known !== undefined) return known;
  const all = await listeningSockets.sweep();
  const links = new Set(all.map(({ link }) => link));
  for (const link of own.keys()) if (!links.has(link)) own.delete(link);
  const sockets = socketsOf(question, all);
  if (sockets.length === 0) return { kind: 'nobody' };
  // The tree first: it is small, and looking at every process of the machine is not.
  const pids = sockets.every(({ link }) => own.has(link)) ? [] : await tree();
  for (const pid of pids) for (const { link } of heldBy([pid], sockets)) own.set(link, pid);
  const ours = ownAmong(sockets, question, own);
  if (ours !== undefined) return ours;
  const others = sockets.filter(({ link }) => !own.has(link));
  const stranger = findStranger(question.port, others);
  return { kind: 'stranger', ...(stranger === undefined ? {} : describe(stranger)) };
}

function socketsOf({ port, addresses }: PortQuestion, all: readonly ListeningSocket[]): readonly ListeningSocket[] {
  const sockets = all.filter((socket) => socket.port === port);
  if (addresses === undefined) return sockets;
  return addresses.map((address) => reachedAt(address, sockets)).find((reached) => reached.length > 0) ?? [];
}

function ownAmong(
  sockets: readonly ListeningSocket[],
  { addresses }: PortQuestion,
  own: ReadonlyMap<string, number>,
): Listener | undefined {
  const ours = sockets.flatMap(({ link, host }) => {
    const pid = own.get(link);
    return pid === undefined ? [] : [{ kind: 'ours', pid, host: visitedHost(host) } as const];
  });
  // Of several that have bound one address (SO_REUSEPORT), the kernel takes any.
  return addresses === undefined || ours.length === sockets.length ? ours[0] : undefined;
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
  const stamp = readStamp(pid);
  return {
    pid,
    ...(command === undefined ? {} : { command }),
    ...(stamp === undefined ? {} : { child: { ...identityIn(stamp), ...(isOrphaned(stamp) && { orphaned: true }) } }),
  };
}

function holdsOne(pid: number, sockets: readonly ListeningSocket[]): boolean {
  return heldBy([pid], sockets).length > 0;
}
