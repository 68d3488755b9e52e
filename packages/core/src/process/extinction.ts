import type { Clock } from '../contract/clock.ts';
import type { Child } from './leader.ts';
import type { LiveTree, Member } from './live-tree.ts';

/** From the end of the grace, or of the tree, to giving up, ms. */
const proofMs = 5000;
const shortestPollMs = 5;
const longestPollMs = 50;
// A timer takes a 32-bit delay; a longer one fires at once.
const longestTimerMs = 2 ** 31 - 1;

/** What the end of a tree has come to. */
export interface Extinct {
  readonly signalled: readonly number[];
  readonly killed: readonly number[];
  /** What could not be ended. */
  readonly left: readonly Member[];
  /** For what is still to be proven; monotonic, ms. */
  readonly deadline: number;
}

/** Ends a tree once and proves it: a signal, a grace, SIGKILL, and a look at what is left. */
export class Extinction {
  readonly #tree: LiveTree;
  readonly #clock: Clock;
  readonly #leader: Pick<Child, 'pid' | 'alive' | 'exited'> | undefined;
  readonly #hurry = Promise.withResolvers<void>();
  #hurried = false;

  /** @param leader when it is a child of ours: its death is an event, that of others has to be looked for */
  constructor(tree: LiveTree, clock: Clock, leader?: Pick<Child, 'pid' | 'alive' | 'exited'>) {
    this.#tree = tree;
    this.#clock = clock;
    this.#leader = leader;
  }

  /** Skips what is left of the grace. */
  hurry(): void {
    this.#hurried = true;
    this.#hurry.resolve();
  }

  async run(signal: NodeJS.Signals, graceMs: number): Promise<Extinct> {
    const signalled = new Set<number>();
    const killed = new Set<number>();
    const obeyed = signal !== 'SIGKILL' && (await this.#ask(signal, this.#clock.now() + graceMs, signalled));
    const deadline = this.#clock.now() + proofMs;
    const left = obeyed ? [] : await this.#force(deadline, killed);
    return { signalled: [...signalled], killed: [...killed], left, deadline };
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
    const leader = this.#leader;
    const wakers = cut === undefined ? [] : [cut];
    if (leader?.alive && members.some((member) => member.pid === leader.pid)) {
      await pause(until - this.#clock.now(), [leader.exited, ...wakers]);
    }
    for (let pollMs = shortestPollMs; members.some((member) => this.#tree.isAlive(member)); pollMs = longer(pollMs)) {
      const leftMs = until - this.#clock.now();
      if (leftMs <= 0 || (cut !== undefined && this.#hurried)) return;
      await pause(Math.min(pollMs, leftMs), wakers);
    }
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
