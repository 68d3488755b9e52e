import type { Clock } from '../contract/clock.ts';
import type { Command } from '../contract/commands.ts';
import type { EventMap, EventType } from '../contract/events.ts';
import type { Plugin, PluginContext, ServiceMap, ServiceName } from '../contract/plugin.ts';
import type { Cause, Condition, ConditionName, ProcessView } from '../contract/process.ts';
import { type KnownCode, PromptbinError } from '../errors/error.ts';
import type { HookSet } from '../hooks/create.ts';
import { createFacade } from '../hooks/facade.ts';
import type { Disposer } from '../kernel/disposer.ts';
import { mistakeOfCondition, mistakeOfEvent, mistakeOfRequest } from './mistakes.ts';

/** What the manager does for its plugins. */
export interface PluginHost {
  readonly root: string;
  readonly clock: Clock;
  readonly hooks: HookSet;
  readonly services: Map<ServiceName, unknown>;
  fields(plugin: string, process: string): unknown;
  processes(): readonly ProcessView[];
  request(action: 'start' | 'stop' | 'restart' | 'fail', process: ProcessView, cause: Cause): void;
  condition(process: ProcessView, name: ConditionName, value: Omit<Condition, 'since'>): void;
  emit<K extends EventType>(type: K, data: EventMap[K]): void;
  addCommand(command: Command, owner: string): void;
  blame(plugin: string, hook: string, code: KnownCode, message: string): void;
}

/** What one plugin gets in its setup. What it asks for is checked: nonsense is blamed on it and goes no further. */
export function createContext(
  plugin: Plugin,
  plugins: readonly Plugin[],
  host: PluginHost,
  scope: Disposer,
): PluginContext<unknown, unknown, never> {
  const teardown = new AbortController();
  // Added first, so it runs last: what the plugin disposes of itself may still look at a signal that is not aborted.
  scope.add(() => teardown.abort());
  const checked =
    <A extends unknown[]>(what: string, mistakeOf: (...args: A) => string | undefined, act: (...args: A) => void) =>
    (...args: A): void => {
      const mistake = mistakeOf(...args);
      if (mistake === undefined) act(...args);
      else host.blame(plugin.name, what, 'PB_PLUGIN_NONSENSE', `Plugin "${plugin.name}", ${what}: ${mistake}.`);
    };
  const isInstalled = (name: string): boolean => plugins.some((other) => other.name === name);
  const context = {
    name: plugin.name,
    options: plugin.options,
    hooks: createFacade(plugin.name, host.hooks, isInstalled),
    signal: teardown.signal,
    clock: host.clock,
    root: host.root,
    fields: (process: string) => host.fields(plugin.name, process),
    processes: () => host.processes(),
    request: checked('request', mistakeOfRequest, host.request),
    condition: checked('condition', mistakeOfCondition, host.condition),
    emit: checked('emit', mistakeOfEvent, host.emit),
    provide<K extends ServiceName>(name: K, service: ServiceMap[K]): void {
      if (!plugin.provides.includes(name)) {
        throw new PromptbinError('PB_PLUGIN_SETUP', `"${name}" is not in \`provides\` of plugin "${plugin.name}".`);
      }
      host.services.set(name, service);
    },
    use: (name: ServiceName) => host.services.get(name),
    command: (command: Command) => host.addCommand(command, plugin.name),
    onDispose: (fn: () => void | Promise<void>) => scope.add(fn),
  };
  // `use` and `command` are generic in the contract; the maps behind them are not.
  return Object.freeze(context) as unknown as PluginContext<unknown, unknown, never>;
}
