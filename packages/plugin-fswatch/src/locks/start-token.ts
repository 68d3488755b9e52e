import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

// A pid is given out again; with the start of its process it names one process for good. `filelock` records the start as
// one decimal number: the boot id in the upper 64 bits, for the kernel counts from the boot, and the ticks since then
// below.

/** `PROC_TIME_INIT_INO` of the kernel: the time namespace of the machine itself. */
const machinesTime = 0xeffffffa;
const lower = 2n ** 64n;

/**
 * The ticks since the boot, and what tells whether it lives on; undefined when there is no such process, or no `/proc`.
 */
export interface ProcessStart {
  readonly ticks: bigint;
  /** A zombie: dead, and not yet waited for by its parent. */
  readonly isDead: boolean;
}

export function readStart(pid: number | 'self'): ProcessStart | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name of the command is in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', threads = '', ticks = ''] = [fields[0], fields[17], fields[19]];
  if (!/^\d+$/.test(ticks)) return undefined;
  // A first thread that has ended looks like a zombie while others of its process run.
  return { ticks: BigInt(ticks), isDead: 'ZXx'.includes(state) && Number(threads) <= 1 };
}

/** Undefined where no other process would read the same: off Linux, and in a time namespace that is shifted. */
export function startToken(pid: number | 'self'): bigint | undefined {
  return isTimeShifted() ? undefined : tokenAsSeen(pid);
}

/**
 * Whether two tokens may be of one process. One without a boot id, which a sandbox can hide, is compared by its ticks.
 */
export function isSameStart(one: bigint, other: bigint): boolean {
  const isBootUnknown = one < lower || other < lower;
  return one === other || (isBootUnknown && one % lower === other % lower);
}

/**
 * Whether the recorded process runs under another pid. A container can have the host name of its machine, and older
 * versions of `filelock` record the pid that it has inside.
 */
export function runsElsewhere(pid: number, start: bigint | undefined): boolean {
  if (start === undefined || isOfAnotherBoot(start)) return false;
  const isShifted = isTimeShifted();
  return pidsOfMachine().some((candidate) => {
    if (candidate === pid) return false;
    const token = isShifted ? start : tokenAsSeen(candidate);
    return token !== undefined && isSameStart(token, start) && innermostPid(candidate) === pid;
  });
}

function tokenAsSeen(pid: number | 'self'): bigint | undefined {
  const start = readStart(pid);
  return start && bootId() * lower + start.ticks;
}

function isOfAnotherBoot(token: bigint): boolean {
  const recorded = token / lower;
  return recorded !== 0n && bootId() !== 0n && recorded !== bootId();
}

let boot: bigint | undefined;

function bootId(): bigint {
  if (boot === undefined) {
    const id = read('/proc/sys/kernel/random/boot_id')?.trim().replaceAll('-', '') ?? '';
    boot = /^[0-9a-f]+$/.test(id) ? BigInt(`0x${id}`) : 0n;
  }
  return boot;
}

function isTimeShifted(): boolean {
  // Before Linux 5.6 there is no such thing.
  if (!existsSync('/proc/self/ns/time')) return false;
  const namespace = inode('/proc/self/ns/time');
  if (namespace === machinesTime) return false;
  // The offsets are those of the next child: our own unless we have left its namespace.
  if (namespace === undefined || namespace !== inode('/proc/self/ns/time_for_children')) return true;
  return !/^(boottime|7)\s+0\s+0$/m.test(read('/proc/self/timens_offsets') ?? '');
}

function innermostPid(pid: number): number | undefined {
  const found = /^NSpid:.*\s(\d+)$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

function pidsOfMachine(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** A namespace has an inode; undefined where there is none. */
export function inode(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
