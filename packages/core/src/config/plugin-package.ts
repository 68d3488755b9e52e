import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { importFrom } from './import.ts';
import { installHint } from './installation.ts';
import type { ConfigIssue } from './issues.ts';
import { officialKeys, officialPackage } from './official.ts';
import { show } from './show.ts';
import { nearest } from './suggest.ts';

/** What is wrong with an item of `plugins`. */
export interface PluginFault {
  /** Goes on after "plugins[0]". */
  readonly message: string;
  readonly code: ConfigIssue['code'];
  readonly hint?: string | undefined;
}

type PackageRef = string | readonly [name: string, options?: unknown];

export function isPackageRef(ref: unknown): ref is PackageRef {
  return typeof ref === 'string' || (Array.isArray(ref) && ref.length <= 2 && typeof ref[0] === 'string');
}

/** What the factory of a package, its export `plugin`, makes of the options: not checked to be a plugin. */
export async function pluginOfPackage(
  ref: PackageRef,
  { folder, fallback }: { readonly folder: string; readonly fallback: string | undefined },
): Promise<{ readonly value: unknown } | { readonly fault: PluginFault }> {
  const [name, options] = typeof ref === 'string' ? [ref] : ref;
  let factory: unknown;
  try {
    ({ plugin: factory } = await importFrom(folder, name, fallback));
  } catch (fault) {
    return { fault: notLoaded(name, folder, fault) };
  }
  if (typeof factory !== 'function') {
    const message = `names ${show(name)}, which has no export "plugin".`;
    return { fault: { message, code: 'PB_PLUGIN_INVALID', hint: 'Name a package that is a plugin.' } };
  }
  try {
    return { value: factory(options) };
  } catch (fault) {
    const hint = PromptbinError.is(fault) ? fault.hint : undefined;
    return { fault: { message: `(${name}): ${messageOf(fault)}`, code: 'PB_PLUGIN_OPTIONS', hint } };
  }
}

function notLoaded(name: string, folder: string, fault: unknown): PluginFault {
  const code = 'PB_PLUGIN_NOT_FOUND';
  const meant = officialMeant(name);
  const guess = meant === undefined ? undefined : `Did you mean "${meant}"?`;
  // What it imports may be missing, too; a path is not installed.
  const isMissing = /^[^./]/.test(name) && messageOf(fault).startsWith(`Cannot find package '${name}'`);
  if (name.startsWith('.') && !existsSync(resolve(folder, name))) {
    return { message: `names ${show(name)}, which does not exist.`, code };
  }
  if (!isPackageName.test(name) && !existsSync(resolve(folder, name))) {
    const hint = 'Name a package, or a file by a path that begins with "./".';
    return { message: `names ${show(name)}, which is no name of a package.`, code, hint };
  }
  if (!isMissing) {
    const [, needed] = /^Cannot find package '([^']+)'/.exec(messageOf(fault)) ?? [];
    const hint = guess ?? (needed && installHint(needed, folder));
    return { message: `names ${show(name)}, which cannot be loaded: ${messageOf(fault)}.`, code, hint };
  }
  return { message: `names ${show(name)}, which is not installed.`, code, hint: guess ?? installHint(name, folder) };
}

const isPackageName = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?:\/[\w./~-]+)?$/;

/** The package of this project that a name is a misspelling or the short form of. */
function officialMeant(name: string): string | undefined {
  const prefix = officialPackage('');
  const key = name.startsWith(prefix) ? nearest(name.slice(prefix.length), officialKeys) : name.replace(/^plugin-/, '');
  if (key === undefined || !officialKeys.includes(key)) return undefined;
  return officialPackage(key) === name ? undefined : officialPackage(key);
}
