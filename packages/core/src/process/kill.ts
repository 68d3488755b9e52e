import { isAlive, type ProcessIdentity } from './procfs.ts';

// The only file that sends signals. A pid alone is not enough to be signalled: the kernel gives it out again.

/** Signals one process after checking that it is still the same one. False when it is gone or belongs to another user. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return isAlive(target) && send(target.pid, signal);
}

/** Signals a group, of which the caller knows a living member. False when no member could be reached. */
export function signalGroup(pgid: number, signal: NodeJS.Signals): boolean {
  return send(-pgid, signal);
}

/** Whether a group has a member that this user may signal. On Linux a zombie counts as one. */
export function groupExists(pgid: number): boolean {
  return send(-pgid, 0);
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}
