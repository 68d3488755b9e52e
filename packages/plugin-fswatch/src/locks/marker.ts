/** Who holds a lock, as a marker records it. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** The start of the process, as `start-token.ts` reads it; absent where no platform tells. */
  readonly start?: bigint;
}

export type MarkerContent =
  | { readonly kind: 'owner'; readonly owner: Owner }
  /** All that `filelock` before 3.22 writes, and what a newer one shows until it has written its record. */
  | { readonly kind: 'empty' }
  /** Cut off by a crash, given up by its holder, or none of this format. `breaker` was about to break a lock. */
  | { readonly kind: 'malformed'; readonly breaker?: number }
  /** A folder, or closed to this user: it cannot be judged. */
  | { readonly kind: 'hidden' };

/** What `filelock` reads of a marker, bytes. */
export const longestMarker = 1024;

/** Written over a marker that was moved while its holder released it: it names nobody, so that all may remove it. */
export const givenUp = 'filelock/released\n';

const placeholder = /^filelock\/break\n(\d+)\n$/;
const largestPid = 2 ** 31 - 1;

export function formatMarker({ pid, host, start }: Owner): string {
  return `${pid}\n${host}\n${start === undefined ? '' : `${start}\n`}`;
}

/** As lenient as `filelock` 4, and as strict: what one calls a holder the other must not call garbage. */
export function parseMarker(bytes: Uint8Array): MarkerContent {
  if (bytes.length === 0) return { kind: 'empty' };
  const text = decode(bytes);
  // Each line of a whole record ends; one that does not was cut, and may name another host or process than its holder's.
  if (text === undefined || !text.endsWith('\n')) return { kind: 'malformed' };
  const [first = '', host = '', third, ...more] = text.trim().split(/\r\n|[\n\r\v\f]/);
  const pid = parsePid(first);
  if (pid === undefined || host === '' || more.length > 0 || !/^\d+$/.test(third ?? '0')) {
    const breaker = parsePid(placeholder.exec(text)?.[1] ?? '');
    return breaker === undefined ? { kind: 'malformed' } : { kind: 'malformed', breaker };
  }
  return { kind: 'owner', owner: { pid, host, ...(third !== undefined && { start: BigInt(third) }) } };
}

/** 0 and negative numbers mean process groups to the kernel, and larger ones nothing. */
function parsePid(text: string): number | undefined {
  const pid = /^\d+$/.test(text) ? Number(text) : 0;
  return pid >= 1 && pid <= largestPid ? pid : undefined;
}

function decode(bytes: Uint8Array): string | undefined {
  if (bytes.length > longestMarker) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
