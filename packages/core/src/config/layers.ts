import type { ConfigLayer, ConfigPath } from '../contract/config-source.ts';
import type { Mistake } from './issues.ts';
import { type LayerContext, readLayer } from './layer.ts';
import { LayeredSource } from './source.ts';

export interface Layers {
  /** Weakest first; the last one is the file itself. */
  readonly layers: readonly ConfigLayer[];
  /** Every file that was read. */
  readonly files: readonly string[];
}

export interface LayersContext extends LayerContext {
  /** Called before a file is read. */
  onRead?(file: string): void;
}

/**
 * Reads a config file and all that it extends.
 *
 * @throws PromptbinError `PB_CONFIG_UNREADABLE`; `PB_CONFIG_INVALID` when an `extends` leads nowhere, or round
 */
export async function readLayers(main: string, context: LayersContext): Promise<Layers> {
  const layers: ConfigLayer[] = [];
  const files: string[] = [];
  const done = new Set<string>();

  const follow = async (file: string, trail: readonly string[]): Promise<void> => {
    // One that two others extend is weaker than both.
    if (done.has(file)) return;
    done.add(file);
    context.onRead?.(file);
    const { layer, files: read } = await readLayer(file, context);
    files.push(...read);
    const way = [...trail, file];
    const mistakes: Mistake[] = [];
    const bases: string[] = [];
    for (const [name, path] of extendsOf(layer.value)) {
      const { findBase } = await import('./base.ts');
      const base = findBase(name, way, context);
      if ('file' in base) bases.push(base.file);
      else mistakes.push({ code: 'PB_CONFIG_INVALID', path, ...base });
    }
    if (mistakes.length > 0) {
      const { invalidConfig } = await import('./invalid.ts');
      throw await invalidConfig(mistakes, { root: context.root, file, source: new LayeredSource([layer]) });
    }
    for (const base of bases) await follow(base, way);
    layers.push(layer);
  };
  await follow(main, []);
  return { layers, files: [...new Set(files)] };
}

/** What is no name of a file stays where it is, for the check of the whole config. */
function extendsOf({ extends: names }: Readonly<Record<string, unknown>>): readonly (readonly [string, ConfigPath])[] {
  if (typeof names === 'string') return [[names, ['extends']]];
  if (!Array.isArray(names)) return [];
  return names.flatMap((name: unknown, index) =>
    typeof name === 'string' ? [[name, ['extends', index]] as const] : [],
  );
}
