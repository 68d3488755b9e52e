import type { Clock } from '../contract/clock.ts';
import type { ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import { messageOf } from '../errors/error.ts';
import { createHooks, type HookSet } from '../hooks/create.ts';
import { Guard } from '../hooks/guard.ts';
import type { Journal } from '../journal/journal.ts';
import { Bus } from '../kernel/bus.ts';
import { Mailbox } from '../kernel/mailbox.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { Redactor } from '../secrets/redactor.ts';
import { processOf } from '../state/describe.ts';
import { initialState, type ProcessState, reduce } from '../state/reducer.ts';

/** The one mailbox, the one table of states, the hooks behind their guard. */
export interface Kernel {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly hooks: HookSet;
  readonly guard: Guard;
  /** Knows what must not be shown. */
  readonly redactor: Redactor;
  readonly config: ResolvedConfig;
  readonly supervisors: ReadonlyMap<string, Supervisor>;
  /** Aborted when nothing may be started any more: processes are being stopped. */
  readonly closing: AbortSignal;
  /** Aborted at the very end of `close()`. */
  readonly closed: AbortSignal;
  post(message: () => void): void;
  stateOf(name: string): ProcessState;
}

/** Everything that exists before the config has been resolved. */
export interface Core extends Pick<Kernel, 'clock' | 'bus' | 'hooks' | 'guard' | 'redactor' | 'post' | 'stateOf'> {
  /**
   * Gives a process its place in the table. One that comes back under its name goes on counting its incarnations: what was
   * said about an old one can never mean a new one.
   */
  track(process: Pick<ResolvedProcess, 'name' | 'kind'>): void;
  untrack(name: string): void;
}

export function createCore(clock: Clock, hookBudgetMs?: number, journal?: Journal): Core {
  const stateDefect = (fault: unknown): void => post(() => bus.append('manager.defect', { message: messageOf(fault) }));
  const redactor = new Redactor();
  const bus = new Bus({ clock, redactor, onDefect: stateDefect, journal });
  const mailbox = new Mailbox(() => bus.deliver(), stateDefect);
  const post = (message: () => void): void => mailbox.post(message);
  const guard = new Guard({
    clock,
    budgetMs: hookBudgetMs,
    report: (type, data) => post(() => bus.append(type, data)),
  });
  const states = new Map<string, ProcessState>();
  /** Of processes that have been removed. */
  const generations = new Map<string, number>();
  bus.reduceWith((event) => {
    const name = processOf(event);
    const state = name === undefined ? undefined : states.get(name);
    if (state !== undefined) states.set(state.name, reduce(state, event));
  });
  return {
    clock,
    bus,
    guard,
    redactor,
    hooks: createHooks(guard),
    post,
    stateOf(name) {
      const state = states.get(name);
      if (state === undefined) throw new Error(`no state of "${name}"`);
      return state;
    },
    track({ name, kind }) {
      states.set(name, { ...initialState(name, kind, clock.wall()), generation: generations.get(name) ?? 0 });
    },
    untrack(name) {
      generations.set(name, states.get(name)?.generation ?? 0);
      states.delete(name);
    },
  };
}
