import { dirname, resolve } from 'node:path';
import type { Config, ConfigEnv } from '../contract/config.ts';
import type { ConfigLayer, ConfigSource } from '../contract/config-source.ts';
import { findConfig, namedConfig } from './find.ts';
import type { Mistake } from './issues.ts';
import { type LayersContext, readLayers } from './layers.ts';
import { LayeredSource } from './source.ts';

export interface LoadOptions extends Partial<ConfigEnv> {
  /** The folder to look from. Default: the working directory. */
  readonly from?: string;
  /** The config file, relative to `from`. Default: the first that is found from there upwards. */
  readonly file?: string;
  /** Values over those of the files, such as `web.port=0`: a path, whose first step may be a process, and JSON or text. */
  readonly set?: readonly string[];
  /** A folder or file URL from which official packages are resolved where the project has none. */
  readonly fallback?: string;
  /** How long a config that is a module may take to load, ms. Default 10 000. */
  readonly limitMs?: number;
}

export interface LoadedConfig {
  /** All files in one: not checked yet. */
  readonly config: Config;
  /** The folder of the file. */
  readonly root: string;
  /** Absolute. */
  readonly file: string;
  /** Every local file that was read, absolute: with those that are extended, and the modules that they import. */
  readonly files: readonly string[];
  /** Where each value stands. */
  readonly source: ConfigSource;
}

/** What is done before each file is read. */
export type ReadListener = NonNullable<LayersContext['onRead']>;

/**
 * Reads a config: `file`, or the first that is found from `from` upwards to the root of the repository, with all that it
 * extends, and puts `set` over it. A second call sees what has changed since the first.
 *
 * @throws PromptbinError `PB_CONFIG_NOT_FOUND`, `PB_CONFIG_UNREADABLE`, `PB_CONFIG_INVALID` for what is wrong with
 * `extends` or `set`, or what a plugin in the config has thrown
 */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  return loadWatched(options);
}

/** The same, with a listener. */
export async function loadWatched(options: LoadOptions, onRead?: ReadListener): Promise<LoadedConfig> {
  const { env = process.env, mode = 'development', limitMs = 10_000, set = [], fallback } = options;
  const from = resolve(options.from ?? '.');
  const file = options.file === undefined ? await findConfig(from) : namedConfig(from, options.file);
  const root = dirname(file);
  const context = { root, env, mode, limitMs, fallback, ...(onRead !== undefined && { onRead }) };
  const { layers, files } = await readLayers(file, context);
  const settings = set.length === 0 ? [] : await readSettings(set, { layers, root, file });
  const source = new LayeredSource([...layers, ...settings], fallback);
  // That it has the shape of its type is found out when it is resolved.
  return { config: source.config as Config, root, file, files, source };
}

async function readSettings(
  texts: readonly string[],
  { layers, root, file }: { readonly layers: readonly ConfigLayer[]; readonly root: string; readonly file: string },
): Promise<readonly ConfigLayer[]> {
  const [{ readSetting }, { invalidConfig }] = await Promise.all([import('./set.ts'), import('./invalid.ts')]);
  const settings: ConfigLayer[] = [];
  const mistakes: Mistake[] = [];
  for (const text of texts) {
    const { config } = new LayeredSource([...layers, ...settings]);
    const read = readSetting(text, config, root);
    if ('layer' in read) settings.push(read.layer);
    else mistakes.push(read.mistake);
  }
  if (mistakes.length > 0) throw await invalidConfig(mistakes, { root, file });
  return settings;
}
