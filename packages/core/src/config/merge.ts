import { resolve } from 'node:path';
import type { ConfigLayer, ConfigPath, Written } from '../contract/config-source.ts';
import { officialKeyOf } from './official.ts';
import { isPlainObject } from './path.ts';

/** A value of the whole config, and who says it. */
export interface Merged {
  /** Undefined when a layer has taken it out. */
  readonly value: unknown;
  /** What the layers say here, weakest first. */
  readonly written: readonly Written[];
  /** What is inside, where layers meet; below that, the last of `written` says all. */
  readonly parts?: ReadonlyMap<PropertyKey, Merged>;
}

/** Changes one item of an inherited list, as `--set web.command.1=…` does. */
export class ListPatch {
  readonly index: number;
  readonly value: unknown;

  constructor(index: number, value: unknown) {
    this.index = index;
    this.value = value;
  }

  toJSON(): unknown {
    return { [this.index]: this.value };
  }
}

/**
 * Puts a layer over what is weaker. Objects merge key by key; lists and single values replace, but that `plugins` are
 * joined by their names and `envFile` lists are put one after the other; null takes out what is inherited, but in `env`
 * and `shared`, where it is a value.
 */
export function mergeLayer(base: Merged | undefined, layer: ConfigLayer): Merged {
  const top = { layer, path: [], value: layer.value };
  return put(base, top, []) ?? { value: undefined, written: [] };
}

function put(base: Merged | undefined, top: Written, path: ConfigPath): Merged | undefined {
  const { value } = top;
  if (value === undefined) return base;
  if (base?.value === undefined) return { value, written: [top] };
  if (value === null && base.value !== null && !isNullAValue(path)) {
    return { value: undefined, written: [...base.written, top] };
  }
  if (value instanceof ListPatch && Array.isArray(base.value)) return patchList(base, top, value, path);
  if (isPlainObject(base.value) && isPlainObject(value)) return mergeObjects(base, top, value, path);
  if (isEnvFile(path)) return joinLists(base, top, () => undefined);
  if (path.length === 1 && path[0] === 'plugins' && Array.isArray(base.value) && Array.isArray(value)) {
    return joinLists(base, top, pluginName);
  }
  return { value, written: [...base.written, top] };
}

function mergeObjects(base: Merged, top: Written, value: object, path: ConfigPath): Merged {
  const parts = partsOf(base);
  for (const [key, item] of Object.entries(value)) {
    const part = put(parts.get(key), { ...top, path: [...top.path, key], value: item }, [...path, key]);
    if (part !== undefined) parts.set(key, part);
  }
  const kept = [...parts].filter(([, part]) => part.value !== undefined);
  return {
    value: Object.fromEntries(kept.map(([key, part]) => [key, part.value])),
    written: [...base.written, top],
    parts,
  };
}

/** `nameOf` an item: one that has the name of an earlier one takes its place. */
function joinLists(base: Merged, top: Written, nameOf: (item: Written) => string | undefined): Merged {
  const items = base.parts === undefined ? itemsOf(base) : [...base.parts.values()];
  for (const item of itemsOf({ value: top.value, written: [top] })) {
    const name = nameOf(last(item));
    const index = name === undefined ? -1 : items.findIndex((other) => nameOf(last(other)) === name);
    if (index === -1) items.push(item);
    else items[index] = { value: item.value, written: [...(items[index]?.written ?? []), ...item.written] };
  }
  return listOf(items, [...base.written, top]);
}

function patchList(base: Merged, top: Written, { index, value }: ListPatch, path: ConfigPath): Merged {
  const items = base.parts === undefined ? itemsOf(base) : [...base.parts.values()];
  const item = put(items[index], { ...top, path: [...top.path, index], value }, [...path, index]);
  if (item !== undefined) items[index] = item;
  const { value: patched } = listOf(items, []);
  return listOf(items, [...base.written, { ...top, value: patched }]);
}

function listOf(items: readonly Merged[], written: readonly Written[]): Merged {
  return { value: items.map(({ value }) => value), written, parts: new Map(items.entries()) };
}

function partsOf(merged: Merged): Map<PropertyKey, Merged> {
  if (merged.parts !== undefined) return new Map(merged.parts);
  const around = last(merged);
  return new Map(
    Object.entries(merged.value as object).map(([key, value]) => [
      key,
      { value, written: [{ ...around, path: [...around.path, key], value }] },
    ]),
  );
}

/** A single value counts as a list of one. */
function itemsOf({ value, written }: Merged): Merged[] {
  const around = last({ written });
  if (!Array.isArray(value)) return [{ value, written: [around] }];
  return value.map((item: unknown, index) => ({
    value: item,
    written: [{ ...around, path: [...around.path, index], value: item }],
  }));
}

/** Whoever has something, has it from someone. */
function last({ written }: Pick<Merged, 'written'>): Written {
  return written.at(-1) as Written;
}

/** A variable that is null is unset for the child; what is shared is JSON, and an item of a list cannot go alone. */
function isNullAValue(path: ConfigPath): boolean {
  const own = path[0] === 'processes' ? path.slice(2) : path;
  return (own[0] === 'env' && own.length === 2) || (path[0] === 'shared' && path.length > 1) || isItem(path);
}

function isItem(path: ConfigPath): boolean {
  return typeof path.at(-1) === 'number';
}

function isEnvFile(path: ConfigPath): boolean {
  return path.at(-1) === 'envFile' && (path.length === 1 || (path.length === 3 && path[0] === 'processes'));
}

/** The same for all that stand for one plugin, as far as that can be said without loading it. */
function pluginName({ value, layer }: Written): string | undefined {
  const ref: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof ref === 'string') {
    if (ref.startsWith('.')) return resolve(layer.folder, ref);
    const key = officialKeyOf(ref);
    return key === undefined ? ref : `plugin ${key}`;
  }
  return typeof ref === 'object' && ref !== null && 'name' in ref && typeof ref.name === 'string'
    ? `plugin ${ref.name}`
    : undefined;
}
