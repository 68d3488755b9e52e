import type { Clock, Condition, ConditionName, ProcessView } from '@promptbin/core';
import type { Checker } from './checker.ts';
import { monitor } from './monitor.ts';
import type { HealthPlan, RunningCheck } from './plan.ts';
import { conditionOf } from './watch.ts';

export interface MonitorHost {
  readonly clock: Clock;
  /** What is to be checked of a process now. */
  planOf(process: ProcessView): HealthPlan | undefined;
  /** Undefined when it cannot be asked. */
  checkerOf(process: ProcessView, check: RunningCheck): Checker | undefined;
  /** Period of checks that name none, ms. */
  defaultPeriodMs(): number;
  condition(process: ProcessView, name: ConditionName, value: Omit<Condition, 'since'>): void;
}

interface Running {
  readonly process: ProcessView;
  readonly plan: HealthPlan;
  readonly periodMs: number;
  /** What has been said about this run of the process. */
  readonly said: Map<ConditionName, Condition>;
  readonly stop: AbortController;
  readonly done: Promise<unknown>;
}

const unchecked = {
  ready: { status: 'true', reason: 'NotChecked' },
  healthy: { status: 'unknown', reason: 'NotChecked' },
} as const satisfies Record<ConditionName, Omit<Condition, 'since'>>;

/** The monitors of all running processes. */
export class Monitors {
  readonly #host: MonitorHost;
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<unknown>>();

  constructor(host: MonitorHost) {
    this.#host = host;
  }

  /** Checks a running process as it is configured now; what it is known to be already is where the checks go on from. */
  follow(process: ProcessView): void {
    const { name, generation, conditions } = process;
    const plan = this.#host.planOf(process);
    const periodMs = this.#host.defaultPeriodMs();
    const last = this.#running.get(name);
    const before = last?.process.generation === generation ? last : undefined;
    if (before !== undefined && before.plan === plan && !usesDefault(before, periodMs)) return;
    this.stop(name);
    if (before !== undefined) this.#takeBack(before, plan);
    if (plan === undefined) return;
    const said = before?.said ?? new Map<ConditionName, Condition>();
    // What has been said may not have been heard yet.
    const known = { ...conditions, ...Object.fromEntries(said) };
    const stop = new AbortController();
    const done = Promise.all(plan.checks.map((check) => this.#watch(process, check, plan, known, said, stop.signal)));
    this.#running.set(name, { process, plan, periodMs, said, stop, done });
  }

  async #watch(
    process: ProcessView,
    check: RunningCheck,
    { flapping }: HealthPlan,
    known: Readonly<Record<ConditionName, Condition>>,
    said: Map<ConditionName, Condition>,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, condition, checkerOf, defaultPeriodMs } = this.#host;
    using checker = checkerOf(process, check);
    if (checker === undefined) return;
    const monitoring = { check, periodMs: defaultPeriodMs(), flapping, known };
    await monitor(checker, monitoring, clock, signal, (name, value) => {
      said.set(name, { ...value, since: clock.wall() });
      condition(process, name, value);
    });
  }

  stop(name: string): void {
    const running = this.#running.get(name);
    if (running === undefined) return;
    this.#running.delete(name);
    running.stop.abort();
    const done = running.done.finally(() => this.#ending.delete(done));
    this.#ending.add(done);
  }

  /** Resolves when no check is under way. */
  async end(): Promise<void> {
    for (const running of this.#running.values()) this.#takeBack(running, undefined);
    for (const name of [...this.#running.keys()]) this.stop(name);
    await Promise.all(this.#ending);
  }

  /** What nobody looks at any more must not stand as if somebody did. */
  #takeBack({ process, said }: Running, next: HealthPlan | undefined): void {
    const left = new Set(next?.checks.flatMap(({ kinds }) => kinds.map((kind) => conditionOf[kind])));
    for (const name of [...said.keys()].filter((one) => !left.has(one))) {
      said.delete(name);
      this.#host.condition(process, name, unchecked[name]);
    }
  }
}

function usesDefault({ plan, periodMs }: Running, nowMs: number): boolean {
  return periodMs !== nowMs && plan.checks.some((check) => check.periodMs === undefined);
}
