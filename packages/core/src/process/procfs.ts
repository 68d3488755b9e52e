import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** Names one process for good: the kernel may give its pid to another one, but not with the same start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: number;
}

/** What `/proc/PID/stat` tells. */
export interface ProcessEntry extends ProcessIdentity {
  readonly ppid: number;
  /** Process group. */
  readonly pgid: number;
  readonly session: number;
  /** Of the first thread, one letter: `R` running, `S` sleeping, `T` stopped, `Z` zombie, `X` dead. */
  readonly state: string;
  readonly threads: number;
  /** A thread of the kernel: it has no environment, and is nobody's child. */
  readonly isKernel: boolean;
}

/** `PF_KTHREAD` of the kernel. */
const kernelThread = 0x00200000;

/** Only Linux has `/proc` in this form; elsewhere nothing here finds anything. */
export const hasProcfs: boolean = process.platform === 'linux';

// A sweep reads two files of every process: one buffer for all of them instead of one per file.
let scratch = Buffer.allocUnsafeSlow(32 * 1024);

// With every descriptor in use, all processes would look as if they were gone: one is kept for that case.
let reserve: number | undefined;

/** Runs what needs one more descriptor for a moment, even when the limit is reached. */
function withDescriptor<T>(use: () => T): T {
  reserve ??= openSync('/dev/null', 'r');
  try {
    return use();
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EMFILE') throw fault;
    closeSync(reserve);
    reserve = undefined;
    return use();
  }
}

/** The content of a file of `/proc`, valid until the next call; undefined when it is gone or may not be read. */
export function readProcFile(path: string): Buffer | undefined {
  try {
    return withDescriptor(() => readInto(path));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EMFILE') throw fault;
    return undefined;
  }
}

function readInto(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, scratch, length, scratch.length - length, null);
      length += count;
      if (count === 0) return scratch.subarray(0, length);
      if (length === scratch.length) scratch = Buffer.concat([scratch], scratch.length * 2);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** One process as it is now, zombies included; undefined when there is none of that pid. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const content = readProcFile(`/proc/${pid}/stat`);
  if (content === undefined) return undefined;
  // The second field is the command in parentheses and may itself hold spaces, parentheses and line breaks.
  const fields = content.toString('latin1', content.lastIndexOf(0x29) + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? 'X',
    ppid: Number(fields[1]),
    pgid: Number(fields[2]),
    session: Number(fields[3]),
    isKernel: (Number(fields[6]) & kernelThread) !== 0,
    threads: Number(fields[17]),
    startTime: Number(fields[19]),
  };
}

/** Whether it still runs. A zombie without threads does not: process 1 of a container may leave one for a while, and signal 0 reaches it. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = readProcess(identity.pid);
  return now !== undefined && now.startTime === identity.startTime && isLiving(now);
}

/** The first thread may have ended long before the others: then it is shown as a zombie, and they work on. */
export function isLiving({ state, threads }: Pick<ProcessEntry, 'state' | 'threads'>): boolean {
  return (state !== 'Z' && state !== 'X') || threads > 1;
}

/** What a process was started with, NUL between the variables. Once its first thread has ended, only the others tell. */
export function readEnvironment(pid: number): Buffer | undefined {
  const environment = readProcFile(`/proc/${pid}/environ`);
  if (environment === undefined || environment.length > 0) return environment;
  return firstOf(otherThreads(pid), (thread) => {
    const own = readProcFile(`/proc/${pid}/task/${thread}/environ`);
    return own?.length === 0 ? undefined : own;
  });
}

/** Of a process whose first thread has ended; of any other there are none to ask. */
function otherThreads(pid: number): readonly string[] {
  const entry = readProcess(pid);
  if (entry?.state !== 'Z' || !isLiving(entry)) return [];
  return readFolder(`/proc/${pid}/task`).filter((thread) => thread !== String(pid));
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every pid of the moment, in no particular order. */
export function readPids(): readonly number[] {
  if (!hasProcfs) return [];
  return withDescriptor(() => readdirSync('/proc')).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** Names the namespace of the pids of a process; undefined when it is gone or belongs to another user. */
export function pidNamespaceOf(pid: number | 'self'): string | undefined {
  try {
    return /\d+/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[0];
  } catch {
    return undefined;
  }
}

/** The command line of a process in one string, its name for a kernel thread; undefined when it is gone. */
export function readCommand(pid: number): string | undefined {
  const line = readProcFile(`/proc/${pid}/cmdline`)?.toString('utf8').replaceAll('\0', ' ').trim();
  return line === '' ? readProcFile(`/proc/${pid}/comm`)?.toString('utf8').trim() : line;
}

/** What the descriptors of a process lead to, such as `socket:[4711]`; empty when it is gone or belongs to another user. */
export function readDescriptors(pid: number): readonly string[] {
  const own = readLinks(`/proc/${pid}/fd`);
  if (own.length > 0) return own;
  return (
    firstOf(otherThreads(pid), (thread) => {
      const links = readLinks(`/proc/${pid}/task/${thread}/fd`);
      return links.length > 0 ? links : undefined;
    }) ?? []
  );
}

function readLinks(folder: string): readonly string[] {
  return readFolder(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return []; // Closed in between.
    }
  });
}

function readFolder(folder: string): readonly string[] {
  try {
    return withDescriptor(() => readdirSync(folder));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EMFILE') throw fault;
    return [];
  }
}
