import type { Clock } from '../contract/clock.ts';
import type { Command } from '../contract/commands.ts';
import type { ResolvedConfig, ResolvedProcess } from '../contract/config.ts';
import type { EventMap, EventType, ManagerEvent } from '../contract/events.ts';
import type { ConfiguredPlugin, PluginContext, RequestAction, ServiceMap, ServiceName } from '../contract/plugin.ts';
import type { Cause, Condition, ConditionName, ProcessView } from '../contract/process.ts';
import { PromptbinError } from '../errors/error.ts';
import type { HookSet } from '../hooks/create.ts';
import { createFacade } from '../hooks/facade.ts';
import type { Guard } from '../hooks/guard.ts';
import type { Tap } from '../hooks/taps.ts';
import { mistakeOfCondition, mistakeOfEvent, mistakeOfRequest } from './mistakes.ts';
import { createScopedClock } from './scoped-clock.ts';

/** What the manager does for its plugins. */
export interface PluginHost {
  readonly root: string;
  readonly clock: Clock;
  readonly hooks: HookSet;
  readonly guard: Guard;
  readonly services: Map<ServiceName, unknown>;
  /** What is in force. */
  config(): ResolvedConfig;
  /** The status of a process of a config that may not be in force yet. */
  view(process: ResolvedProcess): ProcessView;
  request(action: RequestAction, process: ProcessView, cause: Cause): void;
  condition(process: ProcessView, name: ConditionName, value: Omit<Condition, 'since'>): void;
  emit<K extends EventType>(type: K, data: EventMap[K]): void;
  addCommand(command: Command, owner: string): Disposable;
  /** The event `manager.started`, once it has been stated. */
  started(): ManagerEvent | undefined;
}

/** What belongs to one plugin, and goes with it. */
export interface PluginScope {
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  tap(tap: Tap): void;
  /** The config that is in force or, during its setup, will be. */
  config(): ResolvedConfig;
  /** It relies on a service, or on its absence. */
  using(service: ServiceName): void;
  onDispose(fn: () => void | Promise<void>): void;
}

/** What one plugin gets in its setup. What it asks for is checked: nonsense is blamed on it and goes no further. */
export function createContext(
  { plugin, options }: ConfiguredPlugin,
  host: PluginHost,
  scope: PluginScope,
): PluginContext<unknown, unknown, never> {
  const { name } = plugin;
  const { signal } = scope;
  const checked =
    <A extends unknown[]>(what: string, mistakeOf: (...args: A) => string | undefined, act: (...args: A) => void) =>
    (...args: A): void => {
      // What goes on in a plugin that is gone says nothing about what is here now.
      if (signal.aborted) return;
      const mistake = mistakeOf(...args);
      if (mistake === undefined) act(...args);
      else host.guard.blame(name, what, 'PB_PLUGIN_NONSENSE', `Plugin "${name}", ${what}: ${mistake}.`);
    };
  const refuseWhenGone = (): void => {
    if (signal.aborted) throw new PromptbinError('PB_PLUGIN_SETUP', `Plugin "${name}" has been disposed of.`);
  };
  const context = {
    name,
    options,
    hooks: createFacade(name, host.hooks, scope.tap),
    signal,
    clock: createScopedClock(host.clock, signal),
    root: host.root,
    get shared() {
      return scope.config().shared;
    },
    fields: (process: string) => scope.config().processes[process]?.fields[name],
    settings: (process: string) => scope.config().processes[process],
    process(process: string) {
      const spec = scope.config().processes[process];
      return spec && host.view(spec);
    },
    processes: () => Object.values(scope.config().processes).map((spec) => host.view(spec)),
    request: checked('request', mistakeOfRequest, host.request),
    condition: checked('condition', mistakeOfCondition, host.condition),
    emit: checked('emit', mistakeOfEvent, host.emit),
    provide<K extends ServiceName>(service: K, value: ServiceMap[K]): void {
      refuseWhenGone();
      if (!plugin.provides.includes(service)) {
        throw new PromptbinError('PB_PLUGIN_SETUP', `"${service}" is not in \`provides\` of plugin "${name}".`);
      }
      host.services.set(service, value);
      scope.onDispose(() => void host.services.delete(service));
    },
    use(service: ServiceName): unknown {
      scope.using(service);
      return host.services.get(service);
    },
    command(command: Command): void {
      refuseWhenGone();
      const added = host.addCommand(command, name);
      scope.onDispose(() => added[Symbol.dispose]());
    },
    onDispose: scope.onDispose,
  };
  // `use` and `command` are generic in the contract; the maps behind them are not.
  return Object.freeze(context) as unknown as PluginContext<unknown, unknown, never>;
}
