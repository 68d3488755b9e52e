/** Steps from the config down to a value: `['processes', 'web', 'port']`. */
export type ConfigPath = readonly PropertyKey[];

/** Counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One of the texts that a config is made of. */
export interface ConfigLayer {
  /** The file, relative to the folder of the config; or `--set`. */
  readonly name: string;
  /** Absolute; absent for what comes from the command line. */
  readonly file?: string;
  /** Plugins that it names by their package are resolved from here. */
  readonly folder: string;
  /** As it was read: not checked. */
  readonly value: unknown;
  /** The text of the file, for code frames; of `--set` the text after it, without secrets. */
  readonly text?: string;
  /**
   * Where the value at `path` stands, or the key that it stands under; of one that is not there, or that a program has
   * computed, the nearest around it. Undefined for what comes from the command line.
   */
  locate(path: ConfigPath, part?: 'key' | 'value'): Position | undefined;
}

/** What one layer says on a path of the whole config. */
export interface Written {
  readonly layer: ConfigLayer;
  /** The path inside the layer: lists that are joined number it differently. */
  readonly path: ConfigPath;
  readonly value: unknown;
}

/** Where the values of a config come from. */
export interface ConfigSource {
  /** Weakest first. */
  readonly layers: readonly ConfigLayer[];
  /** A folder or file URL from which the project's official plugins are resolved where it has none itself. */
  readonly fallback?: string;
  /** What the layers say on `path`, weakest first: the last one holds. Empty when nobody wrote it. */
  written(path: ConfigPath): readonly Written[];
  /** The layer that the value at `path`, or else what is around it, comes from. */
  originOf(path: ConfigPath): { readonly layer: ConfigLayer; readonly path: ConfigPath } | undefined;
}
