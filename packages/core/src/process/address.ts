import { isIP, isIPv6 } from 'node:net';
import type { Listening } from '../contract/process.ts';
import { visitedHost } from './url.ts';

export interface Address {
  /** A name or an address; `0.0.0.0` and `::` are all interfaces. */
  readonly host: string;
  readonly port: number;
}

/** What the listeners of a tree mean, compared with what the process was told. */
export type Finding =
  | { readonly kind: 'told' }
  | { readonly kind: 'nowhere' }
  /** On several other ports: which one is meant is not known. */
  | { readonly kind: 'ambiguous'; readonly ports: readonly number[] }
  | {
      readonly kind: 'elsewhere';
      readonly deviation: Listening['deviation'];
      /** As bound. */
      readonly host: string;
      readonly port: number;
      /** Where it is to be visited: at the host that it was told, as far as that leads to it. */
      readonly at: Address;
    };

type Elsewhere = Extract<Finding, { kind: 'elsewhere' }>;

/** Where debuggers listen unless told otherwise, of Node.js and of Python (debugpy): never the app. */
const debuggerPorts: readonly number[] = [9229, 5678];

/** From what is next to what was told to what is farthest from it. */
const deviations = [undefined, 'exposed', 'hidden', 'family', 'address'] as const;

/**
 * Decides from the listeners of a tree where the process listens. Whatever else there is, one on the port that it was told
 * decides; else the only other port does.
 *
 * @param known the other port that it was found on before: that stays the one, whatever else has been opened since
 */
export function findingOf(told: Address, listeners: readonly Address[], known?: number): Finding {
  const onTold = listeners.filter(({ port }) => port === told.port);
  if (onTold.length > 0) {
    const { host, deviation } = nearest(told.host, onTold);
    return deviation === undefined ? { kind: 'told' } : elsewhere(told, { host, port: told.port }, deviation);
  }
  const ports = [...new Set(listeners.map(({ port }) => port))].filter((port) => !debuggerPorts.includes(port));
  const port = known !== undefined && ports.includes(known) ? known : ports[0];
  if (port === undefined) return { kind: 'nowhere' };
  if (ports.length > 1 && port !== known) return { kind: 'ambiguous', ports: ports.toSorted((a, b) => a - b) };
  const { host } = nearest(
    told.host,
    listeners.filter((listener) => listener.port === port),
  );
  return elsewhere(told, { host, port }, 'port');
}

/**
 * Those of the listeners on one port that get the connections to an address: the kernel prefers who has bound it to who
 * has bound all interfaces.
 */
export function reachedAt<L extends Pick<Address, 'host'>>(address: string, listeners: readonly L[]): readonly L[] {
  const visited = canonicalAddress(visitedHost(address));
  const preferred = isIPv6(visited) ? [visited, '::'] : [visited, '0.0.0.0', '::'];
  const ranks = preferred.map((bound) => listeners.filter(({ host }) => host === bound));
  return ranks.find((rank) => rank.length > 0) ?? [];
}

function elsewhere(told: Address, { host, port }: Address, deviation: Elsewhere['deviation']): Finding {
  return { kind: 'elsewhere', deviation, host, port, at: { host: leadsTo(told.host, host) ? told.host : host, port } };
}

function nearest(told: string, listeners: readonly Address[]) {
  const judged = listeners.map(({ host }) => ({ host, deviation: deviationOf(host, told) }));
  const [best] = judged.toSorted((a, b) => deviations.indexOf(a.deviation) - deviations.indexOf(b.deviation));
  return best ?? { host: told, deviation: undefined };
}

/** How the address of a listener deviates from the host that was told; undefined when it does not. */
function deviationOf(host: string, told: string): (typeof deviations)[number] {
  if (isSame(host, told)) return undefined;
  if (!isWildcard(told)) {
    if (isWildcard(host)) return 'exposed';
    return isLoopback(host) && isLoopback(told) && isIPv6(host) !== isIPv6(told) ? 'family' : 'address';
  }
  // A listener on `::` has the connections by IPv4, too, unless it has asked not to, which is seen nowhere.
  if (isWildcard(host)) return host === '::' ? undefined : 'family';
  return isLoopback(host) ? 'hidden' : 'address';
}

/** Whether somebody who opens the URL of `told` comes to a listener on `host`. */
function leadsTo(told: string, host: string): boolean {
  if (host === '::') return true;
  const visited = visitedHost(told);
  return host === '0.0.0.0' ? !isIPv6(canonicalAddress(visited)) : isSame(host, visited);
}

function isSame(host: string, told: string): boolean {
  if (told === 'localhost') return host === '127.0.0.1' || host === '::1';
  // Where another name leads is not looked up.
  return isIP(told) === 0 ? !isWildcard(host) : host === canonicalAddress(told);
}

const isWildcard = (host: string): boolean => ['0.0.0.0', '::'].includes(canonicalAddress(host));
const isLoopback = (host: string): boolean => host === 'localhost' || /^(127\.|::1$)/.test(canonicalAddress(host));

/** The one way to write an address: `::1`, not `0:0:0:0:0:0:0:1`; `127.0.0.1`, not `::ffff:127.0.0.1`. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [, high, low] = short.match(/^::ffff:([\da-f]+):([\da-f]+)$/) ?? [];
  if (high === undefined || low === undefined) return short;
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.');
}
