import type { Clock } from '../contract/clock.ts';
import type { Runner } from '../contract/runner.ts';
import { spawnChild } from './child.ts';
import { stampOf } from './env-stamp.ts';
import { signalChild } from './kill.ts';
import { followTree } from './live-tree.ts';
import { readProcess } from './procfs.ts';
import { Reaper } from './reaper.ts';

/** Runs processes as children of this one, each in a session of its own. */
export function createLocalRunner({ clock }: { readonly clock: Clock }): Runner {
  return {
    spawn(plan, sink) {
      const child = spawnChild(plan, sink, clock);
      const { pid, input, terminal } = child;
      // Even one that has exited already stays in the process table until this turn of the event loop is over.
      const { startTime } = readProcess(pid) ?? {};
      const tree = followTree({ pid, startTime, stamp: stampOf(plan.env) });
      const settled = child.exited.then(async ({ code, signal }) => {
        const [leftovers] = await Promise.all([tree.find(), child.drain()]);
        sink.exited(
          code,
          signal,
          leftovers.map((member) => member.pid),
        );
        if (leftovers.length === 0) child.closePipes();
      });
      const reaper = new Reaper(child, settled, tree, plan, clock);
      return {
        pid,
        get alive() {
          return child.alive;
        },
        signal: (signal) => child.alive && signalChild(pid, signal),
        ...(input && { write: (text: string) => input.write(text) }),
        ...(terminal && { terminal }),
        reap: (options) => reaper.reap(options),
        kill: () => reaper.kill(),
      };
    },
  };
}
