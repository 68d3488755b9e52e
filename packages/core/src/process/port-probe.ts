import { lookup } from 'node:dns/promises';
import { BoundSocket, isIP, isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findListener } from './listeners.ts';

/** `unavailable`: the machine has no such address. `denied`: the port needs privileges. */
export type BindFault = 'taken' | 'denied' | 'unavailable';

const faults: Readonly<Record<string, BindFault>> = {
  EADDRINUSE: 'taken',
  EACCES: 'denied',
  EADDRNOTAVAIL: 'unavailable',
  EAFNOSUPPORT: 'unavailable',
};

// Who opens `localhost` may come by IPv4 or IPv6: a port is ours only when it is free on both.
const siblings: Readonly<Record<string, string>> = {
  '127.0.0.1': '::1',
  '::1': '127.0.0.1',
  '0.0.0.0': '::',
  '::': '0.0.0.0',
};

/** Binds without listening. An address in use shows here when somebody listens on it, or on the wildcard. */
export function bind(address: string, port: number): BoundSocket | BindFault {
  try {
    return new BoundSocket({ host: address, port, ipv6Only: isIPv6(address) });
  } catch (fault) {
    const known = faults[(fault as NodeJS.ErrnoException).code ?? ''];
    if (known === undefined) throw fault;
    return known;
  }
}

/** The numeric addresses of a host, as they are tried one after the other. @throws the error of the lookup */
export async function resolveHost(host: string): Promise<readonly string[]> {
  return isIP(host) === 0 ? (await lookup(host, { all: true })).map((entry) => entry.address) : [host];
}

/**
 * The numeric addresses that a port has to be free on for `host`; what a server on `host` would bind comes first.
 *
 * @throws the error of the lookup
 */
export async function addressesOf(host: string): Promise<readonly string[]> {
  const own = await resolveHost(host);
  return [...new Set([...own, ...own.flatMap((address) => siblings[address] ?? [])])];
}

/** Waits until a port of `host` can be bound, at most `patienceMs`; gives up as soon as a living process is seen to hold it. */
export async function waitUntilFree(port: number, host: string, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  const addresses = await addressesOf(host).catch(() => []);
  for (let pollMs = 5; ; pollMs = Math.min(2 * pollMs, 50)) {
    if (addresses.every((address) => isFree(address, port))) return true;
    if (performance.now() >= deadline || (await isHeld(port))) return false;
    await sleep(pollMs);
  }
}

// A socket that listens may be nobody's for a moment: under way to another process, or while its last holder ends.
async function isHeld(port: number): Promise<boolean> {
  const holders = await findListener(port);
  return holders !== 'unknown' && holders.some(({ pid }) => pid !== undefined);
}

function isFree(address: string, port: number): boolean {
  const socket = bind(address, port);
  if (socket instanceof BoundSocket) socket.close();
  return socket !== 'taken';
}
