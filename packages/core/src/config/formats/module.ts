import { realpath } from 'node:fs/promises';
import type { ConfigEnv } from '../../contract/config.ts';
import { PromptbinError } from '../../errors/error.ts';
import { FreshImport } from '../import.ts';
import { locateInModule } from '../locate/module.ts';
import { tooSlow, unreadable } from '../unreadable.ts';
import type { Reading } from './reading.ts';

export interface ModuleContext extends ConfigEnv {
  /** A folder or file URL from which official packages are resolved that the project does not have. */
  readonly fallback?: string | undefined;
  /** How long it may take to load, ms. */
  readonly limitMs: number;
}

/**
 * Runs a config that is a module, and what it exports if that is a function; `text` is what the file holds.
 *
 * @throws PromptbinError `PB_CONFIG_UNREADABLE`, or what a plugin in it has thrown
 */
export async function readModule(
  file: string,
  text: string,
  { env, mode, fallback, limitMs }: ModuleContext,
): Promise<Reading & { readonly files: readonly string[] }> {
  using fresh = new FreshImport(fallback);
  const run = async (): Promise<unknown> => {
    const exported = await fresh.import(await realpath(file));
    const { default: config } = exported;
    if (config === undefined) {
      throw unreadable(file, 'it has no default export', 'Write "export default defineConfig({ … })".');
    }
    const value: unknown = typeof config === 'function' ? await config({ env, mode }) : await config;
    if (value !== undefined) return value;
    throw unreadable(file, 'its default export gives nothing', 'Return the config from the function.');
  };
  try {
    const value = await inTime(run(), file, limitMs);
    return { value, files: [...fresh.files], locate: locateInModule(text) };
  } catch (fault) {
    if (PromptbinError.is(fault) && fault.code === 'PB_CONFIG_UNREADABLE') throw fault;
    const { unreadableModule } = await import('../module-fault.ts');
    throw unreadableModule(file, fault, [...fresh.files]);
  }
}

/** What is still going on after the limit cannot be ended, but it is no longer waited for. */
async function inTime<T>(result: Promise<T>, file: string, limitMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooSlow(file, limitMs)), limitMs);
  try {
    return await Promise.race([result, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
