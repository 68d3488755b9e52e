import {
  AsyncSeriesBailHook,
  AsyncSeriesHook,
  AsyncSeriesWaterfallHook,
  SyncBailHook,
  SyncHook,
  SyncWaterfallHook,
} from 'tapable';
import type { ResolvedConfig } from '../contract/config.ts';
import type { ManagerEvent } from '../contract/events.ts';
import type { Barrier, Decision, Env, Evidence, HookName, PortRequest, SpawnPlan, Veto } from '../contract/hooks.ts';
import type { Cause, ExitInfo, OutputLine, ProcessView } from '../contract/process.ts';
import type { Guard } from './guard.ts';

/** The real hooks. Only the kernel holds them: it alone may call one. */
export interface HookSet {
  readonly configure: AsyncSeriesWaterfallHook<[ResolvedConfig]>;
  readonly gate: AsyncSeriesBailHook<[ProcessView], Veto>;
  readonly port: AsyncSeriesBailHook<[PortRequest, ProcessView], number>;
  readonly plan: SyncWaterfallHook<[SpawnPlan, ProcessView]>;
  readonly env: AsyncSeriesWaterfallHook<[Env, ProcessView]>;
  readonly readiness: SyncHook<[ProcessView, Barrier]>;
  readonly output: SyncHook<[OutputLine]>;
  readonly decide: SyncBailHook<[ProcessView, ExitInfo], Decision>;
  readonly diagnose: SyncBailHook<[ProcessView, Evidence], Cause>;
  readonly beforeStop: AsyncSeriesHook<[ProcessView, string]>;
  readonly event: SyncHook<[ManagerEvent]>;
  readonly closing: AsyncSeriesHook<[string]>;
}

/**
 * Makes all hooks, each behind the guard. Argument names are a must: a tapable hook made without them passes undefined.
 */
export function createHooks(guard: Guard): HookSet {
  const hooks: HookSet = {
    configure: new AsyncSeriesWaterfallHook(['config']),
    gate: new AsyncSeriesBailHook(['process']),
    port: new AsyncSeriesBailHook(['request', 'process']),
    plan: new SyncWaterfallHook(['plan', 'process']),
    env: new AsyncSeriesWaterfallHook(['env', 'process']),
    readiness: new SyncHook(['process', 'barrier']),
    output: new SyncHook(['line']),
    decide: new SyncBailHook(['process', 'exit']),
    diagnose: new SyncBailHook(['process', 'evidence']),
    beforeStop: new AsyncSeriesHook(['process', 'why']),
    event: new SyncHook(['event']),
    closing: new AsyncSeriesHook(['why']),
  };
  for (const name of Object.keys(hooks) as HookName[]) {
    // tapable calls `register` for every tap before it is stored: the one place that no tap can go around.
    hooks[name].intercept({ register: (tap) => ({ ...tap, fn: guard.wrap(name, tap) }) });
  }
  return hooks;
}

/** Whether any plugin listens. tapable's `isUsed` is true for the guard's interceptor alone. */
export function isTapped(hook: HookSet[HookName]): boolean {
  return hook.taps.length > 0;
}
