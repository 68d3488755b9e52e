import type { Clock } from '../contract/clock.ts';
import type { ResolvedConfig } from '../contract/config.ts';
import { messageOf } from '../errors/error.ts';
import { createHooks, type HookSet } from '../hooks/create.ts';
import { Guard } from '../hooks/guard.ts';
import { Bus } from '../kernel/bus.ts';
import { Mailbox } from '../kernel/mailbox.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { processOf } from '../state/describe.ts';
import { initialState, type ProcessState, reduce } from '../state/reducer.ts';

/** The one mailbox, the one table of states, the hooks behind their guard. */
export interface Kernel {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly hooks: HookSet;
  readonly guard: Guard;
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
export interface Core extends Pick<Kernel, 'clock' | 'bus' | 'hooks' | 'guard' | 'post' | 'stateOf'> {
  /** Gives each process its place in the table. */
  track(config: ResolvedConfig): void;
}

export function createCore(clock: Clock, hookBudgetMs: number | undefined): Core {
  const stateDefect = (fault: unknown): void => post(() => bus.append('manager.defect', { message: messageOf(fault) }));
  const bus = new Bus(clock, stateDefect);
  const mailbox = new Mailbox(() => bus.deliver(), stateDefect);
  const post = (message: () => void): void => mailbox.post(message);
  const guard = new Guard({
    clock,
    budgetMs: hookBudgetMs,
    report: (type, data) => post(() => bus.append(type, data)),
  });
  const states = new Map<string, ProcessState>();
  bus.reduceWith((event) => {
    const name = processOf(event);
    const state = name === undefined ? undefined : states.get(name);
    if (state !== undefined) states.set(state.name, reduce(state, event));
  });
  return {
    clock,
    bus,
    guard,
    hooks: createHooks(guard),
    post,
    stateOf(name) {
      const state = states.get(name);
      if (state === undefined) throw new Error(`no state of "${name}"`);
      return state;
    },
    track(config) {
      for (const { name, kind } of Object.values(config.processes)) {
        states.set(name, initialState(name, kind, clock.wall()));
      }
    },
  };
}
