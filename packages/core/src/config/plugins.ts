import type { Plugin } from '../contract/plugin.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { importFrom } from './import.ts';
import { type ConfigIssue, type Report, show, subjectOf } from './issues.ts';
import { officialKeys, officialPackage } from './keys.ts';
import { processKeys } from './schema.ts';
import { nearest } from './suggest.ts';

/**
 * The plugins of a config, those named by their package imported from its folder. What is no plugin is reported and left
 * out; `complete` says whether anything was.
 */
export async function resolvePlugins(
  refs: readonly unknown[],
  root: string,
  report: Report,
): Promise<{ readonly known: readonly Plugin[]; readonly complete: boolean }> {
  const known: Plugin[] = [];
  let complete = true;
  for (const [index, ref] of refs.entries()) {
    const path = ['plugins', index];
    const fail = (message: string, code: ConfigIssue['code'], hint?: string) => {
      complete = false;
      report(path, `${subjectOf(path)} ${message}`, { code, hint });
    };
    const made = isPackageRef(ref) ? await pluginOfPackage(ref, root, fail) : { value: ref };
    if (made === undefined) continue;
    const { value } = made;
    if (!isPlugin(value)) fail(...whyNoPlugin(value));
    else if (value.api !== 1) {
      fail(
        `is plugin "${value.name}" for version ${show(value.api)} of the contract; this promptbin has version 1.`,
        'PB_PLUGIN_INVALID',
        'Install a version of the plugin that fits.',
      );
    } else if (processKeys.includes(value.name)) {
      fail(`is a plugin of the name "${value.name}", which is a key of every process.`, 'PB_PLUGIN_INVALID');
    } else if (known.some(({ name }) => name === value.name)) {
      fail(`is a second plugin of the name "${value.name}".`, 'PB_PLUGIN_DUPLICATE', 'Take one of the two out.');
    } else known.push(value);
  }
  return { known, complete };
}

type Fail = (message: string, code: ConfigIssue['code'], hint?: string) => void;
type PackageRef = string | readonly [name: string, options?: unknown];

function isPackageRef(ref: unknown): ref is PackageRef {
  return typeof ref === 'string' || (Array.isArray(ref) && ref.length <= 2 && typeof ref[0] === 'string');
}

async function pluginOfPackage(ref: PackageRef, root: string, fail: Fail): Promise<{ value: unknown } | undefined> {
  const [name, options] = typeof ref === 'string' ? [ref] : ref;
  let factory: unknown;
  try {
    ({ plugin: factory } = await importFrom(root, name));
  } catch (fault) {
    fail(
      `names ${show(name)}, which cannot be loaded: ${messageOf(fault)}.`,
      'PB_PLUGIN_NOT_FOUND',
      howToInstall(name, fault),
    );
    return undefined;
  }
  if (typeof factory !== 'function') {
    fail(`names ${show(name)}, which has no export "plugin".`, 'PB_PLUGIN_INVALID', 'Name a package that is a plugin.');
    return undefined;
  }
  try {
    return { value: factory(options) };
  } catch (fault) {
    const hint = PromptbinError.is(fault) ? fault.hint : undefined;
    fail(`(${name}): ${messageOf(fault)}`, 'PB_PLUGIN_OPTIONS', hint);
    return undefined;
  }
}

function howToInstall(name: string, fault: unknown): string | undefined {
  const prefix = officialPackage('');
  const key = name.startsWith(prefix) ? nearest(name.slice(prefix.length), officialKeys) : name;
  if (key !== undefined && officialKeys.includes(key) && officialPackage(key) !== name) {
    return `Did you mean "${officialPackage(key)}"?`;
  }
  // What it imports may be missing, too; a path is not installed.
  const isMissing = /^[^./]/.test(name) && messageOf(fault).startsWith(`Cannot find package '${name}'`);
  return isMissing ? `Run "npm install ${name}" in the folder of the config.` : undefined;
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'object' || value === null) return false;
  const { name, api, fields, setup, requires, provides } = value as Partial<Plugin>;
  return (
    typeof name === 'string' &&
    api !== undefined &&
    typeof fields?.safeParseAsync === 'function' &&
    typeof setup === 'function' &&
    Array.isArray(requires) &&
    Array.isArray(provides)
  );
}

function whyNoPlugin(value: unknown): Parameters<Fail> {
  if (typeof value === 'function') {
    const hint = value.name
      ? `Write ${value.name}() instead of ${value.name}.`
      : 'Call the factory, as in "plugins: [health()]".';
    return ['is a function, not a plugin.', 'PB_PLUGIN_INVALID', hint];
  }
  const hint = 'A plugin is what a factory of definePlugin returns, or the name of its package.';
  return [`is ${show(value)}, not a plugin.`, 'PB_PLUGIN_INVALID', hint];
}
