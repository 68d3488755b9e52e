import type { Config, Plugin, PluginRef } from '@promptbin/core';

const mcpPackage = '@promptbin/plugin-mcp';

/** The config with plugins of our own behind those it lists. What is no config yet is left for core to judge. */
export function withPlugins(config: Config, added: readonly Plugin[]): Config {
  const listed: unknown = (config as Config | null)?.plugins ?? [];
  if (typeof config !== 'object' || config === null || !Array.isArray(listed)) return config;
  return { ...config, plugins: [...(listed as PluginRef[]), ...added] };
}

/** For a manager that MCP clients have started: the plugin that tells the processes so, unless the config lists it. */
export async function missingMcp(config: Config): Promise<readonly Plugin[]> {
  const listed: unknown = (config as Config | null)?.plugins;
  if (Array.isArray(listed) && (listed as PluginRef[]).some(isMcp)) return [];
  const { mcp } = await import('@promptbin/plugin-mcp');
  return [mcp()];
}

function isMcp(ref: PluginRef): boolean {
  if (typeof ref === 'string') return ref === mcpPackage;
  return Array.isArray(ref) ? ref[0] === mcpPackage : (ref as Plugin | null)?.name === 'mcp';
}
