import type { Plugin } from '../contract/plugin.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { Disposer } from '../kernel/disposer.ts';
import { within } from '../kernel/within.ts';
import { createContext, type PluginHost } from './context.ts';
import { orderPlugins } from './order.ts';

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
