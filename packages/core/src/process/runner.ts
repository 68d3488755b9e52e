import type { Clock } from '../contract/clock.ts';
import type { ChildSink, LaunchPlan, Runner, RunningChild } from '../contract/runner.ts';
import { adoptChild } from './adopted-child.ts';
import { spawnChild } from './child.ts';
import { stampOf } from './env-stamp.ts';
import type { Guardian } from './guardian.ts';
import type { Child } from './leader.ts';
import { followTree } from './live-tree.ts';
import { readProcess } from './procfs.ts';
import { Reaper } from './reaper.ts';

const usualGraceMs = 5000;

export interface LocalRunnerOptions {
  readonly clock: Clock;
  /** Ends what is left when this process vanishes. */
  readonly guardian?: Guardian | undefined;
}

/** Runs processes as children of this one, each in a session of its own. */
export function createLocalRunner({ clock, guardian }: LocalRunnerOptions): Runner {
  return {
    spawn(plan, sink) {
      guardian?.start();
      const child = spawnChild(plan, sink, clock);
      const { pid } = child;
      // Even one that has exited already stays in the process table until this turn of the event loop is over.
      const { startTime } = readProcess(pid) ?? {};
      const { graceMs = usualGraceMs } = plan;
      const ward = plan.keep ? undefined : guardian?.watch({ pid, startTime, graceMs });
      return follow(child, { plan, startTime, sink, clock, ward });
    },
    adopt(plan, leader, sink) {
      return follow(adoptChild(leader, clock), { plan, startTime: leader.startTime, sink, clock });
    },
  };
}

interface Following {
  readonly plan: LaunchPlan;
  readonly startTime: number | undefined;
  readonly sink: ChildSink;
  readonly clock: Clock;
  /** Disposed of when nothing is left to be ended. */
  readonly ward?: Disposable | undefined;
}

function follow(child: Child, { plan, startTime, sink, clock, ward }: Following): RunningChild {
  const { pid, input, terminal } = child;
  const tree = followTree({ pid, startTime, stamp: stampOf(plan.env) });
  const settled = child.exited.then(async ({ code, signal }) => {
    const [leftovers] = await Promise.all([tree.find(), child.drain()]);
    sink.exited(
      code,
      signal,
      leftovers.map((member) => member.pid),
    );
    if (leftovers.length > 0) return;
    child.closePipes();
    ward?.[Symbol.dispose]();
  });
  const reaper = new Reaper(child, settled, tree, plan, clock);
  return {
    pid,
    get alive() {
      return child.alive;
    },
    signal: (signal) => child.signal(signal),
    ...(input && { write: (text: string) => input.write(text) }),
    ...(terminal && { terminal }),
    async reap(options) {
      const report = await reaper.reap(options);
      if (report.escaped.length === 0) ward?.[Symbol.dispose]();
      return report;
    },
    kill: () => reaper.kill(),
  };
}
