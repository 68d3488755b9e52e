import type { LoadedConfig, ReloadSettings } from '@promptbin/core';
import { issuesOf } from '../fault.ts';
import { withMcp } from './mcp-mode.ts';

export interface ManagedConfigOptions {
  /** As it was read at the start. */
  readonly loaded: LoadedConfig;
  /** The manager has been started for MCP clients. */
  readonly ephemeral: boolean;
  /** Reads it anew; `given` are the settings that reloads have brought since. */
  load(given: ReloadSettings): Promise<LoadedConfig>;
}

/** What was read last without a mistake, and the files in which there is one since. */
type ReadListener = (loaded: LoadedConfig, faulty: readonly string[]) => void;

/** The config of the manager of this process, which is read again for each reload. */
export class ManagedConfig {
  readonly #options: ManagedConfigOptions;
  #current: LoadedConfig;
  #read: ReadListener = () => {};

  private constructor(options: ManagedConfigOptions, current: LoadedConfig) {
    this.#options = options;
    this.#current = current;
  }

  static async of(options: ManagedConfigOptions): Promise<ManagedConfig> {
    return new ManagedConfig(options, await complete(options.loaded, options.ephemeral));
  }

  /** As it was read last. */
  get current(): LoadedConfig {
    return this.#current;
  }

  async load(given: ReloadSettings): Promise<LoadedConfig> {
    const { load, ephemeral } = this.#options;
    try {
      this.#current = await complete(await load(given), ephemeral);
    } catch (cause) {
      const faulty = issuesOf(cause)?.flatMap(({ file }) => file ?? []) ?? [];
      this.#read(this.#current, faulty);
      throw cause;
    }
    this.#read(this.#current, []);
    return this.#current;
  }

  /** Calls `fn` with what is there, and after each attempt to load it anew. */
  follow(fn: ReadListener): void {
    this.#read = fn;
    fn(this.#current, []);
  }
}

async function complete(loaded: LoadedConfig, ephemeral: boolean): Promise<LoadedConfig> {
  return ephemeral ? { ...loaded, config: await withMcp(loaded.config) } : loaded;
}
