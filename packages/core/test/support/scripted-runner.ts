import type { ChildSink, LaunchPlan, ReapReport, Runner, RunningChild } from '@promptbin/core';

/** A child that does only what a test tells it to: for what real processes cannot be made to do, such as to survive SIGKILL. */
export interface ScriptedChild {
  readonly plan: LaunchPlan;
  readonly sink: ChildSink;
  /** How often its end was asked for. */
  readonly reaps: number;
  /** The leader exits. */
  exit(code: number | null, signal?: NodeJS.Signals | null, leftovers?: readonly number[]): void;
  /** Answers all who wait for its end. */
  report(report?: Partial<ReapReport>): void;
}

export function scriptedRunner(): { runner: Runner; children: ScriptedChild[] } {
  const children: ScriptedChild[] = [];
  const runner: Runner = {
    spawn(plan, sink): RunningChild {
      let alive = true;
      let leftBehind = 0;
      let reaps = 0;
      let ended = Promise.withResolvers<ReapReport>();
      const index = children.length;
      const pid = 1_000_000_000 + index;
      children.push({
        plan,
        sink,
        get reaps() {
          return reaps;
        },
        exit(code, signal = null, leftovers = []) {
          alive = false;
          leftBehind = leftovers.length;
          sink.exited(code, signal, leftovers);
        },
        report(report = {}) {
          ended.resolve({ signalled: [pid], killed: [], escaped: [], portsFreed: [], tookMs: 1, ...report });
          ended = Promise.withResolvers();
        },
      });
      return {
        pid,
        get alive() {
          return alive;
        },
        signal: () => alive,
        reap() {
          reaps += 1;
          const { promise } = ended;
          if (!alive && leftBehind === 0) children[index]?.report();
          return promise;
        },
        kill() {},
      };
    },
  };
  return { runner, children };
}
