import type { ConfiguredPlugin, Plugin } from '../contract/plugin.ts';
import { PromptbinError } from '../errors/error.ts';

/**
 * Plugins in the order of the list, except that one comes after those whose services it requires.
 *
 * @throws PromptbinError `PB_PLUGIN_REQUIRES`, `PB_SERVICE_DUPLICATE`
 */
export function orderPlugins(
  plugins: readonly ConfiguredPlugin[],
  coreServices: readonly string[],
): readonly ConfiguredPlugin[] {
  const providers = new Map<string, ConfiguredPlugin>();
  for (const configured of plugins) {
    const { plugin } = configured;
    for (const service of plugin.provides) {
      const other = coreServices.includes(service) ? 'core' : providers.get(service)?.plugin.name;
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
      providers.set(service, configured);
    }
  }
  const ordered = new Set<ConfiguredPlugin>();
  const visit = (configured: ConfiguredPlugin, path: readonly Plugin[]): void => {
    if (ordered.has(configured)) return;
    const { plugin } = configured;
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
    ordered.add(configured);
  };
  for (const configured of plugins) visit(configured, []);
  return [...ordered];
}
