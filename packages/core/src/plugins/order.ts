import type { Plugin } from '../contract/plugin.ts';
import { PromptbinError } from '../errors/error.ts';

/**
 * Plugins in the order of the list, except that one comes after those whose services it requires.
 *
 * @throws PromptbinError `PB_PLUGIN_REQUIRES`, `PB_SERVICE_DUPLICATE`
 */
export function orderPlugins(plugins: readonly Plugin[], coreServices: readonly string[]): readonly Plugin[] {
  const providers = new Map<string, Plugin>();
  for (const plugin of plugins) {
    for (const service of plugin.provides) {
      const other = coreServices.includes(service) ? 'core' : providers.get(service)?.name;
      if (other !== undefined) {
        throw new PromptbinError(
          'PB_SERVICE_DUPLICATE',
          `Plugins "${other}" and "${plugin.name}" both provide "${service}".`,
          {
            plugin: plugin.name,
            hint: 'List one of the two.',
          },
        );
      }
      providers.set(service, plugin);
    }
  }
  const ordered = new Set<Plugin>();
  const visit = (plugin: Plugin, path: readonly Plugin[]): void => {
    if (ordered.has(plugin)) return;
    const names = [...path, plugin].map((step) => step.name).join(' → ');
    if (path.includes(plugin)) {
      throw new PromptbinError('PB_PLUGIN_REQUIRES', `Plugins require each other: ${names}.`, { plugin: plugin.name });
    }
    for (const service of plugin.requires) {
      if (coreServices.includes(service)) continue;
      const provider = providers.get(service);
      if (provider === undefined) {
        throw new PromptbinError(
          'PB_PLUGIN_REQUIRES',
          `Plugin "${plugin.name}" requires the service "${service}", which no plugin provides.`,
          { plugin: plugin.name, hint: `Add a plugin that provides "${service}" to \`plugins\`.` },
        );
      }
      visit(provider, [...path, plugin]);
    }
    ordered.add(plugin);
  };
  for (const plugin of plugins) visit(plugin, []);
  return [...ordered];
}
