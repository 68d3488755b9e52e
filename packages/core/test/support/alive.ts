import { readdirSync, readFileSync } from 'node:fs';

/** In the process table and not a zombie. Signal 0 would succeed on a zombie, which process 1 may reap late. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !'ZX'.includes(stat.slice(stat.lastIndexOf(')') + 2).charAt(0));
  } catch {
    return false;
  }
}

/** Living processes whose environment contains `text`, such as `PROMPTBIN_STAMP=…` or the path of a test's own folder. */
export function pidsWithEnvironment(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && isAlive(pid) && environmentOf(pid).includes(text));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
