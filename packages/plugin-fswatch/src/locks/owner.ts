import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Owner } from './marker.ts';
import { inode, isSameStart, readStart, runsElsewhere, startToken } from './start-token.ts';

/** `PROC_PID_INIT_INO` of the kernel: the pid namespace of the machine itself. */
const machinesPids = 0xeffffffc;
const namespaceMark = '?pidns-';
const longestHost = 253;
const digestLength = 8;

let ownStart: bigint | undefined;

/** This process, as others can tell whether it is alive. */
export function thisProcess(): Owner {
  ownStart ??= startToken('self');
  return { pid: process.pid, host: hostName(), ...(ownStart !== undefined && { start: ownStart }) };
}

/**
 * The name of this machine, byte by byte as `filelock` 4 writes it: it compares names as text. In a container the number
 * of the pid namespace stands behind it, for a pid means nothing outside. What a line cannot hold is written as `?` and
 * hexadecimal.
 */
export function hostName(
  name: string = hostname(),
  namespace: number | undefined = inode('/proc/self/ns/pid'),
): string {
  const isMachines = namespace === undefined || namespace === machinesPids;
  const written = [...Buffer.from(name)].map(writeByte).join('');
  return shorten(`${written}${isMachines ? '' : `${namespaceMark}${namespace.toString(16)}`}`) || '?';
}

/**
 * Whether the process that a marker names has ended, as far as this machine can prove it. Of another host it never can.
 * Signal 0 tells of processes that a `/proc` for one user only does not show.
 */
export function hasEnded({ pid, host, start }: Owner): boolean {
  if (host !== hostName()) return false;
  if (isThere(pid) && !isAnother(pid, start)) return false;
  return host.includes(namespaceMark) || !runsElsewhere(pid, start);
}

/** Whether it is this very process, and not an earlier one of its pid. */
export function isThisProcess({ pid, host, start }: Owner): boolean {
  const own = thisProcess();
  if (pid !== own.pid || host !== own.host) return false;
  return start === undefined || own.start === undefined || isSameStart(own.start, start);
}

export function isThisHost({ host }: Owner): boolean {
  return host === hostName();
}

/** Whether what has the pid now is dead, or began at another time than the process that was recorded. */
function isAnother(pid: number, start: bigint | undefined): boolean {
  if (readStart(pid)?.isDead === true) return true;
  const now = start === undefined ? undefined : startToken(pid);
  return now !== undefined && start !== undefined && !isSameStart(now, start);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function writeByte(byte: number): string {
  const isVerbatim = byte > 0x20 && byte < 0x7f && byte !== 0x3f;
  return isVerbatim ? String.fromCharCode(byte) : `?${byte.toString(16).padStart(2, '0')}`;
}

/** Names that differ only behind the limit stay apart. */
function shorten(name: string): string {
  if (name.length <= longestHost) return name;
  const kept = longestHost - digestLength - 1;
  const digest = createHash('sha256').update(name.slice(kept)).digest('hex').slice(0, digestLength);
  return `${name.slice(0, kept)}-${digest}`;
}
