import type { ConfigPath } from '../contract/config-source.ts';
import { PromptbinError } from '../errors/error.ts';
import { type JsonNode, nodesAt } from './json-nodes.ts';
import { formatPath, isPlainObject, valueAt } from './path.ts';
import { configKeys } from './schema.ts';
import { readNames } from './set.ts';
import { nearest } from './suggest.ts';

/** Where a path may lead. */
export interface Territory {
  /** Configs, each of which may hold what the others do not. */
  readonly trees: readonly unknown[];
  readonly schema: JsonNode;
}

/**
 * Reads a path of a config, such as `web.port` for `processes.web.port`.
 *
 * @throws PromptbinError `PB_CONFIG_PATH` with the nearest path when there is nothing, and there cannot be
 */
export function findPath(text: string, territory: Territory): ConfigPath {
  const { names, rest } = readNames(text);
  const [first] = names;
  if (first === undefined || rest !== '') {
    const hint = 'Write it as in web.port or processes.web.command[0].';
    throw new PromptbinError('PB_CONFIG_PATH', `${JSON.stringify(text)} is no path of a config.`, { hint });
  }
  const short = !configKeys.includes(first);
  const whole = short ? ['processes', ...names] : names;
  const { path, known } = walk(whole, territory);
  if (path.length === whole.length) return path;
  const missing = String(whole[path.length]);
  const isItem = /^\d+$/.test(missing);
  const guess = isItem ? undefined : nearest(missing, short && path.length === 1 ? [...known, ...configKeys] : known);
  throw new PromptbinError('PB_CONFIG_PATH', `${JSON.stringify(text)} is nowhere in this config.`, {
    hint:
      guess === undefined
        ? knownKeys(path, known)
        : `Did you mean "${formatPath(complete([...path, guess], whole, territory).slice(short ? 1 : 0))}"?`,
  });
}

/** As far as there is something, and what could come next. */
function walk(
  names: ConfigPath,
  territory: Territory,
): { readonly path: ConfigPath; readonly known: readonly string[] } {
  const path: PropertyKey[] = [];
  for (const name of names) {
    const known = keysAt(path, territory);
    if (!known.includes(String(name))) return { path, known };
    const isList = territory.trees.some((tree) => Array.isArray(valueAt(tree, path)));
    path.push(isList ? Number(name) : name);
  }
  return { path, known: [] };
}

/** The corrected beginning, with the rest of what was asked for if that leads somewhere now. */
function complete(path: ConfigPath, whole: ConfigPath, territory: Territory): ConfigPath {
  const all = [...path, ...whole.slice(path.length)];
  return walk(all, territory).path.length === all.length ? all : path;
}

function knownKeys(path: ConfigPath, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const subject = formatPath(path) === 'processes' ? 'Known processes' : `Known keys of ${formatPath(path)}`;
  return `${subject}: ${known.join(', ')}.`;
}

/** Whatever may come next, be it written or not. */
function keysAt(path: ConfigPath, { trees, schema }: Territory): readonly string[] {
  const present = trees
    .map((tree) => valueAt(tree, path))
    .filter((value) => Array.isArray(value) || isPlainObject(value));
  const possible = nodesAt(schema, path).flatMap((node) => Object.keys(node.properties ?? {}));
  return [...new Set([...present.flatMap((value) => Object.keys(value as object)), ...possible])];
}
