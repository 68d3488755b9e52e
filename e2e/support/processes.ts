import { readdirSync, readlinkSync } from 'node:fs';
import { isAlive, readProc } from '../../test-support/alive.ts';

/** Living processes that run in `folder`, or were told of it by their environment or their arguments. */
export function processesOf(folder: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && isAlive(pid))
    .map((pid) => ({ pid, command: readProc(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
    .filter(
      ({ pid, command }) =>
        command.includes(folder) ||
        readProc(`/proc/${pid}/environ`).includes(folder) ||
        folderOf(pid).startsWith(folder),
    );
}

/** Ends what a failed test has left behind, by pid. */
export async function endProcessesOf(folder: string): Promise<void> {
  for (const { pid } of processesOf(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
