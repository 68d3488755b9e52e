import type { ConfigLayer } from '../contract/config-source.ts';
import type { ConfiguredPlugin, Plugin } from '../contract/plugin.ts';
import { messageOf } from '../errors/error.ts';
import type { Checking, ConfigIssue, Path } from './issues.ts';
import { reportMistakes } from './mistakes.ts';
import { subjectOf } from './path.ts';
import { isPackageRef, type PluginFault, pluginOfPackage } from './plugin-package.ts';
import { processKeys } from './process-schema.ts';
import { show } from './show.ts';

export interface ResolvedPlugins {
  readonly known: readonly ConfiguredPlugin[];
  /** Where the options of each are written, by its name. */
  readonly places: ReadonlyMap<string, Path>;
  /** Whether every one of the list is known. */
  readonly complete: boolean;
}

/**
 * The plugins of a config, those named by their package imported from the folder of the file that names them, or else from
 * `root`. What is no plugin is reported and left out.
 */
export async function resolvePlugins(
  refs: readonly unknown[],
  root: string,
  checking: Checking,
): Promise<ResolvedPlugins> {
  const known: { readonly configured: ConfiguredPlugin; readonly layer: ConfigLayer | undefined }[] = [];
  const places = new Map<string, Path>();
  let complete = true;
  for (const [index, ref] of refs.entries()) {
    const path = ['plugins', index];
    const layer = checking.source?.originOf(path)?.layer;
    const from = { folder: layer?.folder ?? root, fallback: checking.source?.fallback };
    const made = isPackageRef(ref) ? await pluginOfPackage(ref, from) : { value: ref };
    const plugin = 'value' in made ? made.value : undefined;
    const others = known.filter((other) => other.layer === layer).map(({ configured }) => configured.plugin.name);
    const fault = 'fault' in made ? made.fault : faultOf(plugin, others);
    if (fault !== undefined || !isPlugin(plugin)) {
      const { message, code, hint } = fault ?? noPlugin(plugin);
      complete = false;
      checking.report(path, `${subjectOf(path)} ${message}`, { code, hint });
      continue;
    }
    // Of a package that is listed with options they are the second item.
    const optionsPath = Array.isArray(ref) ? [...path, 1] : path;
    const options = await parseOptions(plugin, optionsPath, checking);
    places.set(plugin.name, optionsPath);
    const place = known.findIndex(({ configured }) => configured.plugin.name === plugin.name);
    // One that is extended may list the same plugin in another way; what is stronger takes its place.
    known.splice(place === -1 ? known.length : place, 1, { configured: { plugin, options }, layer });
  }
  return { known: known.map(({ configured }) => configured), places, complete };
}

/** Undefined when there is a mistake in them: the keys of the plugin are known all the same. */
async function parseOptions({ options, input }: Plugin, path: Path, { report, secrets }: Checking): Promise<unknown> {
  const code: ConfigIssue['code'] = 'PB_PLUGIN_OPTIONS';
  try {
    const parsed = await options.safeParseAsync(input);
    if (parsed.success) return parsed.data;
    if (input === undefined) {
      report(path, `${subjectOf(path)} has no options, and cannot do without.`, { code });
      return undefined;
    }
    const whole = { path, value: input, schema: options, secrets };
    reportMistakes(parsed.error.issues, whole, (at, message, more) => report(at, message, { ...more, code }));
  } catch (fault) {
    report(path, `${subjectOf(path)} cannot be read by its plugin: ${messageOf(fault)}.`, {
      code: 'PB_PLUGIN_INVALID',
    });
  }
  return undefined;
}

/** @param others names of plugins that the same file lists */
function faultOf(value: unknown, others: readonly string[]): PluginFault | undefined {
  if (!isPlugin(value)) return noPlugin(value);
  const { name, api } = value;
  if (api !== 1) {
    return {
      message: `is plugin "${name}" for version ${show(api)} of the contract; this promptbin has version 1.`,
      code: 'PB_PLUGIN_INVALID',
      hint: 'Install a version of the plugin that fits.',
    };
  }
  if (processKeys.includes(name)) {
    return {
      message: `is a plugin of the name "${name}", which is a key of every process.`,
      code: 'PB_PLUGIN_INVALID',
    };
  }
  if (!others.includes(name)) return undefined;
  const message = `is a second plugin of the name "${name}".`;
  return { message, code: 'PB_PLUGIN_DUPLICATE', hint: 'Take one of the two out.' };
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'object' || value === null) return false;
  const { name, api, fields, options, setup, requires, provides } = value as Partial<Plugin>;
  return (
    typeof name === 'string' &&
    api !== undefined &&
    typeof fields?.safeParseAsync === 'function' &&
    typeof options?.safeParseAsync === 'function' &&
    typeof setup === 'function' &&
    Array.isArray(requires) &&
    Array.isArray(provides)
  );
}

function noPlugin(value: unknown): PluginFault {
  if (typeof value === 'function') {
    const hint = value.name
      ? `Write ${value.name}() instead of ${value.name}.`
      : 'Call the factory, as in "plugins: [health()]".';
    return { message: 'is a function, not a plugin.', code: 'PB_PLUGIN_INVALID', hint };
  }
  const { name, setup, ...schemas } = Object(value) as Partial<Plugin>;
  const lacking = (['fields', 'options'] as const).filter((key) => typeof schemas[key]?.safeParseAsync !== 'function');
  if (typeof name === 'string' && typeof setup === 'function' && lacking.length > 0) {
    const message = `is plugin ${show(name)}, which has no schema for its ${lacking.join(' and ')}.`;
    return { message, code: 'PB_PLUGIN_INVALID', hint: 'Give definePlugin() both, "fields" and "options".' };
  }
  const hint = 'A plugin is what a factory of definePlugin returns, or the name of its package.';
  return { message: `is ${show(value)}, not a plugin.`, code: 'PB_PLUGIN_INVALID', hint };
}
