import type { Clock } from '../contract/clock.ts';
import { signalProcess } from './kill.ts';
import type { Child, Exit } from './leader.ts';
import { isAlive, type ProcessIdentity } from './procfs.ts';

/** The kernel tells the exit of a process to its parent alone: anybody else has to look, ms. */
const lookMs = 100;

/** A leader that an earlier manager has spawned. It has no pipe to this one. */
export function adoptChild(leader: ProcessIdentity, clock: Clock): Child {
  const exited = Promise.withResolvers<Exit>();
  let alive = true;
  const look = (): void => {
    alive = isAlive(leader);
    if (alive) clock.after(lookMs, look);
    else exited.resolve({ code: null, signal: null });
  };
  clock.after(0, look);
  return {
    pid: leader.pid,
    get alive() {
      return alive;
    },
    signal: (signal) => signalProcess(leader, [signal]),
    exited: exited.promise,
    drain: () => Promise.resolve(),
    closePipes: () => {},
  };
}
