import { readFileSync } from 'node:fs';

/** In the process table and not a zombie: signal 0 would succeed on a zombie, which process 1 may reap late. */
export function isAlive(pid: number): boolean {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat !== '' && !'ZX'.includes(stat.slice(stat.lastIndexOf(')') + 2).charAt(0));
}

/** A file of `/proc`; empty when the process is gone or of another user. */
export function readProc(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
