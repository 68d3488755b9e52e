import { readFileSync } from 'node:fs';

/** Whether a process still runs. One that has ended and waits to be reaped takes signals, but does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    // No procfs here: the signal has to do.
    return true;
  }
}
