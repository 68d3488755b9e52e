import type { Clock } from '../contract/clock.ts';
import type { LaunchPlan, ReapReport, RunningChild } from '../contract/runner.ts';
import { Extinction } from './extinction.ts';
import type { Child } from './leader.ts';
import type { LiveTree } from './live-tree.ts';
import { waitUntilFree } from './port-probe.ts';

/** Ends the tree of one child and proves it, its ports included. */
export class Reaper {
  readonly #child: Child;
  readonly #settled: Promise<void>;
  readonly #tree: LiveTree;
  readonly #plan: LaunchPlan;
  readonly #clock: Clock;
  #underWay: { readonly extinction: Extinction; readonly report: Promise<ReapReport> } | undefined;

  /** @param settled resolves when the exit of the leader has been told */
  constructor(child: Child, settled: Promise<void>, tree: LiveTree, plan: LaunchPlan, clock: Clock) {
    this.#child = child;
    this.#settled = settled;
    this.#tree = tree;
    this.#plan = plan;
    this.#clock = clock;
  }

  /** See `RunningChild.reap`. */
  reap(options: Parameters<RunningChild['reap']>[0]): Promise<ReapReport> {
    if (this.#underWay !== undefined) return this.#underWay.report;
    const extinction = new Extinction(this.#tree, this.#clock, this.#child);
    const report = this.#run(extinction, options).finally(() => {
      this.#underWay = undefined;
    });
    this.#underWay = { extinction, report };
    return report;
  }

  kill(): void {
    this.#underWay?.extinction.hurry();
  }

  async #run(
    extinction: Extinction,
    { signal, graceMs, otherPort }: Parameters<RunningChild['reap']>[0],
  ): Promise<ReapReport> {
    const startedAt = this.#clock.now();
    const { signalled, killed, left, deadline } = await extinction.run(signal, graceMs);
    if (left.length === 0 || !this.#child.alive) await this.#settled;
    if (left.length === 0) this.#child.closePipes();
    return {
      signalled,
      killed,
      escaped: left.map((member) => member.pid),
      // What a survivor holds will not come free.
      portsFreed: await this.#freedPorts(otherPort, left.length === 0 ? deadline - this.#clock.now() : 0),
      tookMs: this.#clock.now() - startedAt,
    };
  }

  async #freedPorts(otherPort: number | undefined, patienceMs: number): Promise<readonly number[]> {
    const { port, host } = this.#plan;
    const ports = [port, otherPort].filter((one) => one !== undefined);
    const freed = await Promise.all(ports.map((one) => waitUntilFree(one, host, patienceMs)));
    return ports.filter((_, index) => freed[index]);
  }
}
