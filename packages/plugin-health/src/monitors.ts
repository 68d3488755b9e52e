import { isDeepStrictEqual } from 'node:util';
import type { Clock, Condition, ConditionName, ProcessView } from '@promptbin/core';
import type { Checker } from './checker.ts';
import { type Monitoring, monitor, type Report } from './monitor.ts';
import type { HealthPlan, RunningCheck } from './plan.ts';
import type { Means } from './probes/means.ts';
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

/** A check that can be made. */
interface Asking {
  readonly check: RunningCheck;
  readonly checker: Checker;
}

/** What has been said, and by what means it was seen. */
interface Said {
  readonly value: Condition;
  readonly means: Means;
}

interface Running {
  readonly process: ProcessView;
  readonly plan: HealthPlan;
  readonly periodMs: number;
  /** What has been said about this run of the process. */
  readonly said: Map<ConditionName, Said>;
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
    const asking = plan === undefined ? [] : this.#askingOf(process, plan);
    if (before !== undefined) this.#takeBack(before, asking);
    if (plan === undefined) return;
    const said = before?.said ?? new Map<ConditionName, Said>();
    // What has been said may not have been heard yet.
    const known = { ...conditions, ...Object.fromEntries([...said].map(([one, { value }]) => [one, value])) };
    const stop = new AbortController();
    const watches = asking.map(({ check, checker }) => {
      const { means } = check;
      const isStale = (saying: Said | undefined): boolean => !isDeepStrictEqual(saying?.means ?? means, means);
      const anew = new Set(check.kinds.filter((kind) => isStale(said.get(conditionOf[kind]))));
      const monitoring = { check, periodMs, flapping: plan.flapping, known, anew };
      return this.#watch(checker, monitoring, stop.signal, (condition, value) => {
        said.set(condition, { value: { ...value, since: this.#host.clock.wall() }, means });
        this.#host.condition(process, condition, value);
      });
    });
    this.#running.set(name, { process, plan, periodMs, said, stop, done: Promise.all(watches) });
  }

  #askingOf(process: ProcessView, { checks }: HealthPlan): readonly Asking[] {
    return checks.flatMap((check) => {
      const checker = this.#host.checkerOf(process, check);
      return checker === undefined ? [] : [{ check, checker }];
    });
  }

  async #watch(made: Checker, monitoring: Monitoring, signal: AbortSignal, report: Report): Promise<void> {
    using checker = made;
    await monitor(checker, monitoring, this.#host.clock, signal, report);
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
    for (const running of this.#running.values()) this.#takeBack(running, []);
    for (const name of [...this.#running.keys()]) this.stop(name);
    await Promise.all(this.#ending);
  }

  /** What nobody looks at any more must not stand as if somebody did. */
  #takeBack({ process, said }: Running, next: readonly Asking[]): void {
    const left = new Set(next.flatMap(({ check }) => check.kinds.map((kind) => conditionOf[kind])));
    for (const name of [...said.keys()].filter((one) => !left.has(one))) {
      said.delete(name);
      this.#host.condition(process, name, unchecked[name]);
    }
  }
}

function usesDefault({ plan, periodMs }: Running, nowMs: number): boolean {
  return periodMs !== nowMs && plan.checks.some((check) => check.periodMs === undefined);
}
