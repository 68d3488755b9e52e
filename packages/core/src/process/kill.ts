import { isAlive, type ProcessIdentity } from './procfs.ts';

// The only file that sends signals. A pid alone is not enough to be signalled: the kernel gives it out again.

/** Signals one process after checking that it is still the same one. False when it is gone or belongs to another user. */
export function signalProcess(target: ProcessIdentity, signals: readonly NodeJS.Signals[]): boolean {
  return isAlive(target) && sendAll(target.pid, signals);
}

/** Signals a group, of which the caller knows a living member. False when no member could be reached. */
export function signalGroup(pgid: number, signals: readonly NodeJS.Signals[]): boolean {
  return sendAll(-pgid, signals);
}

/** Signals a child of ours that has not exited: as long as we do not know of its exit, nobody else gets its pid. */
export function signalChild(pid: number, signal: NodeJS.Signals): boolean {
  return send(pid, signal);
}

/** Whether a group has a member that this user may signal. On Linux a zombie counts as one. */
export function groupExists(pgid: number): boolean {
  return send(-pgid, 0);
}

/** True when the first one was sent: what died of it is not there for the next. */
function sendAll(target: number, signals: readonly NodeJS.Signals[]): boolean {
  const [sent] = signals.map((signal) => send(target, signal));
  return sent === true;
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}
