import type { LoadedConfig, ReloadSettings } from '@promptbin/core';
import { withMcp } from './mcp-mode.ts';

export interface ManagedConfigOptions {
  /** As it was read at the start. */
  readonly loaded: LoadedConfig;
  /** The manager has been started for MCP clients. */
  readonly ephemeral: boolean;
  /** Reads it anew; `given` are the settings that reloads have brought since. */
  load(given: ReloadSettings): Promise<LoadedConfig>;
}

/** The config of the manager of this process, which is read again for each reload. */
export class ManagedConfig {
  readonly #options: ManagedConfigOptions;
  #current: LoadedConfig;
  #loaded = (_loaded: LoadedConfig): void => {};

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
    this.#current = await complete(await load(given), ephemeral);
    this.#loaded(this.#current);
    return this.#current;
  }

  /** Calls `fn` with what is there, and after each load. */
  follow(fn: (loaded: LoadedConfig) => void): void {
    this.#loaded = fn;
    fn(this.#current);
  }
}

async function complete(loaded: LoadedConfig, ephemeral: boolean): Promise<LoadedConfig> {
  return ephemeral ? { ...loaded, config: await withMcp(loaded.config) } : loaded;
}
