import type { Clock } from '../contract/clock.ts';
import type { Command } from '../contract/commands.ts';
import type { EventMap, EventType } from '../contract/events.ts';
import type { Plugin, PluginContext, ServiceMap, ServiceName } from '../contract/plugin.ts';
import type { Cause, Condition, ConditionName, ProcessView } from '../contract/process.ts';
import { type KnownCode, messageOf, PromptbinError } from '../errors/error.ts';
import type { HookSet } from '../hooks/create.ts';
import { createFacade } from '../hooks/facade.ts';
import { Disposer } from '../kernel/disposer.ts';
import { within } from '../kernel/within.ts';
import { orderPlugins } from './order.ts';

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

const setupBudgetMs = 10_000;
const disposeBudgetMs = 2000;

/**
 * Sets up all plugins, each in a scope of its own. When one fails, those before it are taken back in reverse.
 *
 * @returns what takes them all back, in reverse; never rejects
 * @throws PromptbinError `PB_PLUGIN_SETUP`, `PB_PLUGIN_REQUIRES`, `PB_SERVICE_DUPLICATE`
 */
export async function installPlugins(plugins: readonly Plugin[], host: PluginHost): Promise<() => Promise<void>> {
  const scopes: Disposer[] = [];
  const dispose = async (): Promise<void> => {
    for (const scope of scopes.splice(0).reverse()) await scope.dispose();
  };
  for (const plugin of orderPlugins(plugins, [...host.services.keys()])) {
    const scope = new Disposer(host.clock, disposeBudgetMs, (fault) =>
      host.blame(
        plugin.name,
        'dispose',
        'PB_PLUGIN_DISPOSE',
        `Plugin "${plugin.name}", disposer: ${messageOf(fault)}.`,
      ),
    );
    scopes.push(scope);
    try {
      const context = createContext(plugin, plugins, host, scope);
      await within(host.clock, setupBudgetMs, async () => plugin.setup(context));
    } catch (fault) {
      await dispose();
      throw new PromptbinError('PB_PLUGIN_SETUP', `Plugin "${plugin.name}" failed in setup: ${messageOf(fault)}.`, {
        plugin: plugin.name,
        cause: fault,
      });
    }
  }
  return dispose;
}

function createContext(
  plugin: Plugin,
  plugins: readonly Plugin[],
  host: PluginHost,
  scope: Disposer,
): PluginContext<unknown, unknown, never> {
  const teardown = new AbortController();
  // Added first, so it runs last: what the plugin disposes of itself may still look at a signal that is not aborted.
  scope.add(() => teardown.abort());
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
    request: host.request,
    condition: host.condition,
    emit: host.emit,
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
