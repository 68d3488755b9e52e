import {
  type ChildSink,
  type Clock,
  type LaunchPlan,
  PromptbinError,
  type ReapReport,
  type Runner,
  type RunningChild,
} from '@promptbin/core';

/** What a virtual process does. By default it runs for ever, and ends at once when it is signalled. */
export interface Behaviour {
  /** After this time its leader exits by itself, ms. */
  readonly exitsAfterMs?: number;
  /** With this code. Default 0. */
  readonly code?: number;
  /** How long it takes to act on a signal that can be ignored, ms; Infinity ignores it. Default 0. */
  readonly heedsAfterMs?: number;
  /** How many others of its tree live on when the leader exits by itself. Default 0. */
  readonly leaves?: number;
  /** How long it survives SIGKILL, ms. Default 0. */
  readonly survivesKillMs?: number;
  /** Lines on stdout, at times after the spawn, ms. */
  readonly writes?: readonly Timed[];
  /** Lines on the notification descriptor. */
  readonly notifies?: readonly Timed[];
}

interface Timed {
  readonly afterMs: number;
  readonly text: string;
}

export interface VirtualOs {
  readonly runner: Runner;
  /** Pids that are alive: of the runs of one process, else of everything. */
  living(name?: string): readonly number[];
  /** What no operating system forbids, and a manager must not do: a run beside another of which something is alive. */
  readonly mistakes: readonly string[];
  readonly spawned: number;
}

/** From the end of the grace, or of the tree, to giving up, ms: as the local runner does. */
const proofMs = 5000;
/** From the exit of a leader to its being told: the output is drained and the tree is looked at, ms. */
const drainMs = 5;
let lastPid = 1_000_000_000;

/**
 * An operating system in which processes do only what `behave` says, by a clock.
 *
 * @param behave asked at each spawn; undefined: the command cannot be run
 */
export function createVirtualOs(clock: Clock, behave: (plan: LaunchPlan) => Behaviour | undefined): VirtualOs {
  const trees: VirtualTree[] = [];
  const mistakes: string[] = [];
  let spawned = 0;
  const living = (name?: string): readonly number[] =>
    trees.flatMap((tree) => (name === undefined || runs(tree.plan, name) ? tree.living : []));
  return {
    living,
    mistakes,
    get spawned() {
      return spawned;
    },
    runner: {
      spawn(plan, sink) {
        const { name, generation } = plan;
        const behaviour = behave(plan);
        if (behaviour === undefined) {
          const details = { causeCode: 'commandNotFound' };
          throw new PromptbinError('PB_SPAWN_FAILED', `command "${plan.command}" was not found`, {
            process: name,
            details,
          });
        }
        const others = living(name);
        if (others.length > 0 && runs(plan, name))
          mistakes.push(`run ${generation} of ${name} was spawned beside ${others.join()}`);
        spawned += 1;
        const tree = new VirtualTree(plan, sink, behaviour, clock);
        trees.push(tree);
        return tree;
      },
    },
  };
}

/** Not a command beside it. */
const runs = ({ name, generation, env }: LaunchPlan, process: string): boolean =>
  name === process && env.PROMPTBIN_RUN === String(generation);

class VirtualTree implements RunningChild {
  readonly plan: LaunchPlan;
  readonly pid: number;
  readonly #sink: ChildSink;
  readonly #behaviour: Behaviour;
  readonly #clock: Clock;
  readonly #living: Set<number>;
  readonly #timers = new Set<Disposable>();
  /** Resolves when nothing is alive. */
  readonly #empty = Promise.withResolvers<void>();
  /** Resolves when the exit of the leader has been told. */
  readonly #settled = Promise.withResolvers<void>();
  #doomed = false;
  #hurry = new AbortController();
  #underWay: Promise<ReapReport> | undefined;

  constructor(plan: LaunchPlan, sink: ChildSink, behaviour: Behaviour, clock: Clock) {
    this.plan = plan;
    this.#sink = sink;
    this.#behaviour = behaviour;
    this.#clock = clock;
    const { leaves = 0, exitsAfterMs = Infinity, code = 0, writes = [], notifies = [] } = behaviour;
    this.pid = lastPid + 1;
    lastPid += 1 + leaves;
    this.#living = new Set(Array.from({ length: 1 + leaves }, (_, index) => this.pid + index));
    for (const { afterMs, text } of writes) this.#later(afterMs, () => sink.output('out', Buffer.from(`${text}\n`)));
    for (const { afterMs, text } of notifies) this.#later(afterMs, () => sink.notified(text));
    this.#later(exitsAfterMs, () => this.#exit(code, null));
  }

  get alive(): boolean {
    return this.#living.has(this.pid);
  }

  get living(): readonly number[] {
    return [...this.#living];
  }

  signal(): boolean {
    return this.alive;
  }

  reap({ signal, graceMs }: { signal: NodeJS.Signals; graceMs: number }): Promise<ReapReport> {
    this.#underWay ??= this.#reap(signal, graceMs).finally(() => {
      this.#underWay = undefined;
      this.#hurry = new AbortController();
    });
    return this.#underWay;
  }

  kill(): void {
    if (this.#underWay !== undefined) this.#hurry.abort();
  }

  async #reap(signal: NodeJS.Signals, graceMs: number): Promise<ReapReport> {
    const began = this.#clock.now();
    const signalled = signal === 'SIGKILL' ? [] : this.living;
    if (signal !== 'SIGKILL') {
      const { heedsAfterMs = 0 } = this.#behaviour;
      if (heedsAfterMs < graceMs) this.#clock.after(heedsAfterMs, () => this.#end(signal));
      await this.#emptyWithin(graceMs, this.#hurry.signal);
    }
    const killed = this.living;
    if (killed.length > 0 && !this.#doomed) {
      this.#doomed = true;
      // Not with the timers of the leader: what SIGKILL will end, it ends.
      this.#clock.after(this.#behaviour.survivesKillMs ?? 0, () => this.#end('SIGKILL'));
    }
    await this.#emptyWithin(proofMs);
    if (!this.alive) await this.#settled.promise;
    return { signalled, killed, escaped: this.living, portsFreed: [], tookMs: this.#clock.now() - began };
  }

  async #emptyWithin(ms: number, cut?: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const signal = cut === undefined ? enough.signal : AbortSignal.any([cut, enough.signal]);
    const time = this.#clock.sleep(ms, signal).catch(() => undefined);
    await Promise.race([this.#empty.promise, time]);
    enough.abort();
  }

  /** A signal has done its work on the whole tree. */
  #end(signal: NodeJS.Signals): void {
    for (const pid of this.#living) if (pid !== this.pid) this.#living.delete(pid);
    if (this.alive) this.#exit(null, signal);
    else this.#empty.resolve();
  }

  #exit(code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.alive) return;
    this.#living.delete(this.pid);
    for (const timer of this.#timers) timer[Symbol.dispose]();
    if (this.#living.size === 0) this.#empty.resolve();
    this.#clock.after(drainMs, () => {
      this.#sink.exited(code, signal, this.living);
      this.#settled.resolve();
    });
  }

  /** As long as the leader lives. */
  #later(ms: number, fn: () => void): void {
    if (ms === Infinity || !this.alive) return;
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(timer);
      fn();
    });
    this.#timers.add(timer);
  }
}
