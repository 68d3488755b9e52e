import type { Clock } from '../contract/clock.ts';
import type { LaunchPlan, ReapReport, RunningChild } from '../contract/runner.ts';
import type { Child } from './child.ts';
import type { LiveTree, Member } from './live-tree.ts';
import { waitUntilFree } from './port-probe.ts';

/** From the end of the grace, or of the tree, to giving up, ms. */
const proofMs = 5000;
const shortestPollMs = 5;
const longestPollMs = 50;
// A timer takes a 32-bit delay; a longer one fires at once.
const longestTimerMs = 2 ** 31 - 1;

/** Ends the tree of one child and proves it. */
export class Reaper {
  readonly #child: Child;
  readonly #settled: Promise<void>;
  readonly #tree: LiveTree;
  readonly #plan: LaunchPlan;
  readonly #clock: Clock;
  #hurry = Promise.withResolvers<void>();
  #hurried = false;
  #underWay: Promise<ReapReport> | undefined;

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
    this.#underWay ??= this.#run(options).finally(() => {
      this.#underWay = undefined;
      this.#hurried = false;
      this.#hurry = Promise.withResolvers();
    });
    return this.#underWay;
  }

  kill(): void {
    if (this.#underWay === undefined) return;
    this.#hurried = true;
    this.#hurry.resolve();
  }

  async #run({ signal, graceMs, otherPort }: Parameters<RunningChild['reap']>[0]): Promise<ReapReport> {
    const startedAt = this.#clock.now();
    const signalled = new Set<number>();
    const killed = new Set<number>();
    const obeyed = signal !== 'SIGKILL' && (await this.#ask(signal, startedAt + graceMs, signalled));
    const deadline = this.#clock.now() + proofMs;
    const left = obeyed ? [] : await this.#force(deadline, killed);
    if (left.length === 0 || !this.#child.alive) await this.#settled;
    if (left.length === 0) this.#child.closePipes();
    return {
      signalled: [...signalled],
      killed: [...killed],
      escaped: left.map((member) => member.pid),
      // What a survivor holds will not come free.
      portsFreed: await this.#freedPorts(otherPort, left.length === 0 ? deadline - this.#clock.now() : 0),
      tookMs: this.#clock.now() - startedAt,
    };
  }

  /** Signals what lives and waits for it. True when nothing is left, false when the grace is over. */
  async #ask(signal: NodeJS.Signals, graceEnd: number, signalled: Set<number>): Promise<boolean> {
    while (!this.#hurried && this.#clock.now() < graceEnd) {
      const living = await this.#tree.find();
      if (living.length === 0) return true;
      const own = living.filter((member) => member.own);
      const members = own.length > 0 ? own : living;
      // A stopped process acts on a signal only when it goes on.
      for (const { pid } of this.#tree.signal(members, signal, 'SIGCONT')) signalled.add(pid);
      await this.#untilDead(members, graceEnd, this.#hurry.promise);
    }
    return false;
  }

  /** Kills what lives, found anew each time, until nothing does. Returns what was left at the deadline. */
  async #force(deadline: number, killed: Set<number>): Promise<readonly Member[]> {
    for (let pollMs = shortestPollMs; ; pollMs = longer(pollMs)) {
      const living = await this.#tree.find();
      if (living.length === 0 || this.#clock.now() >= deadline) return living;
      for (const { pid } of this.#tree.signal(living, 'SIGKILL')) killed.add(pid);
      await this.#untilDead(living, this.#clock.now() + pollMs);
    }
  }

  async #untilDead(members: readonly Member[], until: number, cut?: Promise<void>): Promise<void> {
    const { pid } = this.#child;
    const wakers = cut === undefined ? [] : [cut];
    // The death of the leader is an event; that of the others has to be looked for.
    if (this.#child.alive && members.some((member) => member.pid === pid)) {
      await pause(until - this.#clock.now(), [this.#child.exited, ...wakers]);
    }
    for (let pollMs = shortestPollMs; members.some((member) => this.#tree.isAlive(member)); pollMs = longer(pollMs)) {
      const leftMs = until - this.#clock.now();
      if (leftMs <= 0 || (cut !== undefined && this.#hurried)) return;
      await pause(Math.min(pollMs, leftMs), wakers);
    }
  }

  async #freedPorts(otherPort: number | undefined, patienceMs: number): Promise<readonly number[]> {
    const { port, host } = this.#plan;
    const ports = [port, otherPort].filter((one) => one !== undefined);
    const freed = await Promise.all(ports.map((one) => waitUntilFree(one, host, patienceMs)));
    return ports.filter((_, index) => freed[index]);
  }
}

const longer = (pollMs: number): number => Math.min(2 * pollMs, longestPollMs);

/** Waits for the first of some events, at most `ms`. Unlike timers of a clock, it keeps Node alive until all is proven. */
function pause(ms: number, events: readonly Promise<unknown>[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(Math.max(0, ms), longestTimerMs));
  for (const event of events) event.then(() => resolve());
  return promise.finally(() => clearTimeout(timer));
}
