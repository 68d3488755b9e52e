import type { Config, Plugin, PluginRef } from '@promptbin/core';

const mcpPackage = '@promptbin/plugin-mcp';

/** The config of a manager that MCP clients have started: with the plugin that tells the processes so. */
export async function withMcp(config: Config): Promise<Config> {
  const listed: unknown = (config as Config | null)?.plugins ?? [];
  // What is no config is left for core to judge.
  if (typeof config !== 'object' || config === null || !Array.isArray(listed)) return config;
  const refs = listed as readonly PluginRef[];
  if (refs.some(isMcp)) return config;
  const { mcp } = await import('@promptbin/plugin-mcp');
  return { ...config, plugins: [...refs, mcp()] };
}

function isMcp(ref: PluginRef): boolean {
  if (typeof ref === 'string') return ref === mcpPackage;
  return Array.isArray(ref) ? ref[0] === mcpPackage : (ref as Plugin | null)?.name === 'mcp';
}
