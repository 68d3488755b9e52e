import type { Clock, Condition, ConditionName, ProcessView } from '@promptbin/core';
import type { Checker } from './checker.ts';
import { conditionOf, monitor } from './monitor.ts';
import type { HealthPlan } from './plan.ts';

/** What is to be checked of a process now. */
export interface Checked {
  readonly plan: HealthPlan;
  readonly checker: Checker;
}

export interface MonitorHost {
  readonly clock: Clock;
  checkedOf(process: ProcessView): Checked | undefined;
  /** Period of checks that name none, ms. */
  defaultPeriodMs(): number;
  condition(process: ProcessView, name: ConditionName, value: Omit<Condition, 'since'>): void;
}

interface Running {
  readonly process: ProcessView;
  readonly plan: HealthPlan;
  readonly periodMs: number;
  /** What has been said about this run of the process. */
  readonly said: Set<ConditionName>;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

const unchecked = {
  ready: { status: 'true', reason: 'NotChecked' },
  healthy: { status: 'unknown', reason: 'NotChecked' },
} as const satisfies Record<ConditionName, Omit<Condition, 'since'>>;

/** The monitors of all running processes. */
export class Monitors {
  readonly #host: MonitorHost;
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();

  constructor(host: MonitorHost) {
    this.#host = host;
  }

  /** Checks a running process as it is configured now; what it is known to be already is where the checks go on from. */
  follow(process: ProcessView): void {
    const { clock, condition } = this.#host;
    const { name, generation, conditions } = process;
    const checked = this.#host.checkedOf(process);
    const periodMs = this.#host.defaultPeriodMs();
    const before = this.#running.get(name);
    const goesOn = before?.process.generation === generation && before.plan === checked?.plan;
    if (goesOn && (before.periodMs === periodMs || before.plan.running.every((check) => check.periodMs))) return;
    this.stop(name);
    const said = before?.process.generation === generation ? before.said : new Set<ConditionName>();
    if (before !== undefined) this.#takeBack(before, checked?.plan);
    if (checked === undefined) return;
    const { plan, checker } = checked;
    const stop = new AbortController();
    const known = { readiness: conditions.ready.status, liveness: conditions.healthy.status };
    const done = monitor(checker, { checks: plan.running, periodMs, known }, clock, stop.signal, (about, value) => {
      said.add(about);
      condition(process, about, value);
    });
    this.#running.set(name, { process, plan, periodMs, said, stop, done });
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
    const left = new Set(next?.running.flatMap(({ kinds }) => kinds.map((kind) => conditionOf[kind])));
    for (const name of [...said].filter((one) => !left.has(one))) {
      said.delete(name);
      this.#host.condition(process, name, unchecked[name]);
    }
  }
}
