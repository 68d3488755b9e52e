import type { ConfigLayer, ConfigPath, ConfigSource, Written } from '../contract/config-source.ts';
import { type Merged, mergeLayer } from './merge.ts';
import { valueAt } from './path.ts';

/** Remembers where each value of a config that was merged from layers comes from. */
export class LayeredSource implements ConfigSource {
  readonly layers: readonly ConfigLayer[];
  readonly fallback?: string;
  readonly #merged: Merged | undefined;

  /** @param layers weakest first */
  constructor(layers: readonly ConfigLayer[], fallback?: string) {
    this.layers = layers;
    if (fallback !== undefined) this.fallback = fallback;
    this.#merged = layers.reduce(mergeLayer, undefined as Merged | undefined);
  }

  /** The whole config: not checked. */
  get config(): unknown {
    return this.#merged?.value;
  }

  written(path: ConfigPath): readonly Written[] {
    const { merged, rest } = this.#follow(path);
    const around = merged?.written.at(-1);
    if (merged === undefined || around === undefined) return [];
    if (rest.length === 0) return merged.written;
    const value = valueAt(around.value, rest);
    return value === undefined ? [] : [{ ...around, path: [...around.path, ...rest], value }];
  }

  originOf(path: ConfigPath): { readonly layer: ConfigLayer; readonly path: ConfigPath } | undefined {
    const { merged, rest } = this.#follow(path);
    const around = merged?.written.at(-1);
    return around && { layer: around.layer, path: [...around.path, ...rest] };
  }

  /** As far down as layers meet. */
  #follow(path: ConfigPath): { readonly merged: Merged | undefined; readonly rest: ConfigPath } {
    let merged = this.#merged;
    for (const [depth, step] of path.entries()) {
      const part = merged?.parts?.get(step);
      if (part === undefined) return { merged, rest: path.slice(depth) };
      merged = part;
    }
    return { merged, rest: [] };
  }
}
