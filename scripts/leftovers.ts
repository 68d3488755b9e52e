// `node scripts/leftovers.ts NAME[=VALUE]…`: fails and names the processes that carry one of these variables in their
// environment. A test-run must leave none, nor a socket that one of them holds.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Leftover {
  readonly pid: number;
  readonly command: string;
  /** `127.0.0.1:3000` or the path of a socket. */
  readonly listening: readonly string[];
}

/** The living processes that carry a mark, except this one and its ancestors. */
export function findLeftovers(marks: readonly string[]): Leftover[] {
  const own = ancestry(process.pid);
  const isMarked = (variable: string): boolean =>
    marks.some((mark) => variable === mark || variable.startsWith(`${mark}=`));
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    // A zombie has no environment any more, and another user's cannot be read: neither is ours to name.
    if (!(pid > 0) || own.has(pid) || !read(pid, 'environ').split('\0').some(isMarked)) return [];
    return [{ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim(), listening: listeningOf(pid) }];
  });
}

function ancestry(pid: number): Set<number> {
  const pids = new Set<number>();
  for (let each = pid; each > 0 && !pids.has(each); each = parentOf(each)) pids.add(each);
  return pids;
}

function parentOf(pid: number): number {
  // The name, in parentheses, may hold anything.
  const [, parent] = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return Number(parent ?? 0);
}

function listeningOf(pid: number): string[] {
  const sockets = new Set(descriptorsOf(pid).map((link) => link.match(/^socket:\[(\d+)]$/)?.[1]));
  const rows = (file: string): string[][] =>
    read(pid, `net/${file}`)
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/));
  const addresses: string[] = [];
  for (const file of ['tcp', 'tcp6']) {
    for (const [, local = '', , state, , , , , , inode] of rows(file)) {
      // 0A is LISTEN; the port is the hexadecimal number after the last colon.
      if (state === '0A' && sockets.has(inode))
        addresses.push(`port ${Number.parseInt(local.split(':').at(-1) ?? '', 16)}`);
    }
  }
  for (const [, , , flags, , , inode, path] of rows('unix')) {
    if (flags === '00010000' && sockets.has(inode)) addresses.push(path ?? 'an unnamed socket');
  }
  return addresses;
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

/** Empty for a process that has just gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

if (import.meta.main) {
  const marks = process.argv.slice(2);
  let left = findLeftovers(marks);
  const atFirst = new Set(left.map(({ pid }) => pid));
  // What is on its way out may finish.
  const deadline = performance.now() + 10_000;
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(200);
    left = findLeftovers(marks).filter(({ pid }) => atFirst.has(pid));
  }
  for (const { pid, command, listening } of left) {
    console.log(`left running: ${pid} ${command}${listening.map((address) => `, listens on ${address}`).join('')}`);
  }
  if (left.length > 0) process.exitCode = 1;
}
