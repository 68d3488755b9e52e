import type { Clock } from '../contract/clock.ts';
import type { ChildSink, LaunchPlan, Runner, RunningChild } from '../contract/runner.ts';
import { adoptChild } from './adopted-child.ts';
import type { Cgroup, Cgroups } from './cgroups.ts';
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
  /** Used together with a guardian, which puts the runs there. */
  readonly cgroups?: Cgroups | undefined;
}

/** Runs processes as children of this one, each in a session of its own. */
export function createLocalRunner({ clock, guardian, cgroups }: LocalRunnerOptions): Runner {
  return {
    spawn(plan, sink) {
      guardian?.start();
      const child = spawnChild(plan, sink, clock);
      const { pid } = child;
      // Even one that has exited already stays in the process table until this turn of the event loop is over.
      const { startTime } = readProcess(pid) ?? {};
      const { graceMs = usualGraceMs } = plan;
      if (plan.keep || guardian === undefined) return follow(child, { plan, startTime, sink, clock });
      const cgroup = cgroups?.add(pid);
      const ward = guardian.watch({ pid, startTime, graceMs });
      const ended = (): void => {
        ward[Symbol.dispose]();
        cgroup?.remove();
      };
      return follow(child, { plan, startTime, sink, clock, cgroup, ended });
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
  readonly cgroup?: Cgroup | undefined;
  /** Called when nothing is left to be ended. */
  readonly ended?: () => void;
}

function follow(child: Child, { plan, startTime, sink, clock, cgroup, ended = () => {} }: Following): RunningChild {
  const { pid, input, terminal } = child;
  const tree = followTree({ pid, startTime, stamp: stampOf(plan.env), cgroup });
  const settled = child.exited.then(async ({ code, signal }) => {
    const [leftovers] = await Promise.all([tree.find(), child.drain()]);
    sink.exited(
      code,
      signal,
      leftovers.map((member) => member.pid),
    );
    if (leftovers.length > 0) return;
    child.closePipes();
    ended();
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
      if (report.escaped.length === 0) ended();
      return report;
    },
    kill: () => reaper.kill(),
  };
}
