import * as z from 'zod';
import type { Plugin } from '../contract/plugin.ts';
import { invalidConfig } from './invalid.ts';
import { type Mistake, reportTo } from './issues.ts';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';
import type { LoadedConfig } from './load.ts';
import { officialKeys, officialPackage } from './official.ts';
import { valueAt } from './path.ts';
import { resolvePlugins } from './plugins.ts';
import { stringsOf } from './show.ts';

/**
 * The JSON Schema of a config with the plugins that it lists. Whatever else is wrong in it makes no difference.
 *
 * @throws PromptbinError `PB_CONFIG_INVALID` when a plugin cannot be had
 */
export async function schemaOfConfig({ config, root, file, source }: LoadedConfig): Promise<JsonSchema> {
  const mistakes: Mistake[] = [];
  const refs: unknown = valueAt(config, ['plugins']);
  const secrets = stringsOf(valueAt(config, ['secrets']));
  const checking = { report: reportTo(mistakes), secrets, source };
  const { known, complete } = await resolvePlugins(Array.isArray(refs) ? refs : [], root, checking);
  if (!complete) throw await invalidConfig(mistakes, { root, file, source });
  return schemaOfPlugins(known.map(({ plugin }) => plugin));
}

/** The same for a folder without a config: with those of this project's plugins that it could list. */
export async function schemaOfFolder(root: string, fallback: string): Promise<JsonSchema> {
  const source = { layers: [], fallback, written: () => [], originOf: () => undefined };
  const checking = { report: () => {}, secrets: [], source };
  const { known } = await resolvePlugins(officialKeys.map(officialPackage), root, checking);
  return schemaOfPlugins(known.map(({ plugin }) => plugin));
}

/** A plugin may bring schemas of another library, or another version of ours: then anything goes in its place. */
export function schemaOfPlugins(plugins: readonly Plugin[]): JsonSchema {
  const anything = z.unknown();
  return configJsonSchema(
    plugins.map((plugin) => (isShowable(plugin) ? plugin : { ...plugin, fields: anything, options: anything })),
  );
}

function isShowable(plugin: Plugin): boolean {
  try {
    configJsonSchema([plugin]);
    return true;
  } catch {
    return false;
  }
}
