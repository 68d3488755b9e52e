import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ConfigPath, ConfigSource } from '../contract/config-source.ts';
import { findVariable } from './environment.ts';
import { findPath } from './find-path.ts';
import { type JsonNode, nodesAt } from './json-nodes.ts';
import { formatPath, isPlainObject, valueAt } from './path.ts';
import type { ConfigTree } from './print.ts';
import { processKeys } from './process-schema.ts';

/** Where a value of a config comes from. Secrets are not shown. */
export interface ConfigExplanation {
  /** In full, such as `processes.web.port`. */
  readonly path: string;
  /** What holds. Absent when nothing does. */
  readonly value?: unknown;
  readonly description?: string;
  /** Every place that says something on it, weakest first: the last one holds. */
  readonly written: readonly WrittenValue[];
  /** What it is because nobody wrote it. */
  readonly default?: unknown;
  /** What plugins made of it, in order. */
  readonly changes: readonly ValueChange[];
}

export interface WrittenValue {
  /** The file, relative to the folder of the config; or `--set`. */
  readonly layer: string;
  /** Absolute. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** What stands there: the whole, when a part was asked for and the whole is written as one, as in `port: 5000`. */
  readonly path: string;
  readonly value: unknown;
}

export interface ValueChange {
  /** The name of the plugin. */
  readonly plugin: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

export interface Explainable {
  /** The folder of the config. */
  readonly root: string;
  /** As it is written, all files in one. */
  readonly config: unknown;
  readonly source: ConfigSource;
  /** In the words of the file, before any plugin has seen it. */
  readonly resolved: ConfigTree;
  /** The same after each plugin that gave an answer. */
  readonly changes: readonly { readonly plugin: string; readonly config: ConfigTree }[];
  readonly schema: JsonNode;
  show(value: unknown, path: ConfigPath): unknown;
}

/**
 * Tells where the value at a path comes from. `web.port` is short for `processes.web.port`.
 *
 * @throws PromptbinError `PB_CONFIG_PATH` with the nearest path that exists
 */
export async function explainPath(text: string, facts: Explainable): Promise<ConfigExplanation> {
  const { config, resolved, changes, schema } = facts;
  const path = findPath(text, { trees: [config, resolved, ...changes.map((change) => change.config)], schema });
  const show = (value: unknown): unknown => facts.show(value, path);
  const nodes = nodesAt(schema, path);
  const description = nodes.find((node) => node.description !== undefined)?.description;
  const written = await writtenAt(path, facts, nodes);
  const before = valueAt(resolved, path);
  const after = valueAt(changes.at(-1)?.config ?? resolved, path);
  // What is written for all processes is not in the effective config: it has gone into each of them.
  const value = after === undefined ? valueAt(config, path) : after;
  return {
    path: formatPath(path),
    ...(value !== undefined && { value: show(value) }),
    ...(description !== undefined && { description }),
    written,
    ...(written.length === 0 && before !== undefined && { default: show(before) }),
    changes: changesAt(path, facts).map(({ plugin, from, to }) => ({
      plugin,
      ...(from !== undefined && { from: show(from) }),
      ...(to !== undefined && { to: show(to) }),
    })),
  };
}

function changesAt(path: ConfigPath, { resolved, changes }: Explainable): readonly ValueChange[] {
  const found: ValueChange[] = [];
  let from = valueAt(resolved, path);
  for (const { plugin, config } of changes) {
    const to = valueAt(config, path);
    if (!isDeepStrictEqual(from, to)) found.push({ plugin, from, to });
    from = to;
  }
  return found;
}

async function writtenAt(
  path: ConfigPath,
  facts: Explainable,
  nodes: readonly JsonNode[],
): Promise<readonly WrittenValue[]> {
  const [section, , key, variable] = path;
  if (section === 'processes' && key === 'env') {
    const forAll = await writtenInEnvironment([], variable, facts);
    return [...forAll, ...(await writtenInEnvironment(path.slice(0, 2), variable, facts))];
  }
  const own = writtenIn(path, facts);
  if (own.length > 0) return own;
  const shallowest = section === 'processes' ? 3 : 1;
  for (let depth = path.length - 1; depth >= shallowest; depth -= 1) {
    const around = writtenIn(path.slice(0, depth), facts);
    const held = facts.source.written(path.slice(0, depth)).at(-1);
    if (held === undefined) continue;
    // In an object of core's, a missing key has its default. Of a plugin's only the schema may say so.
    const hasDefault =
      isPlainObject(held.value) && (!isOfPlugin(path) || nodes.some((node) => node.default !== undefined));
    if (!hasDefault) return around;
    break;
  }
  const lender = lenderOf(path, facts.config);
  return lender === undefined ? [] : writtenIn(lender, facts);
}

/** Where `shared` says what a process does not say itself. */
function lenderOf([, name, ...rest]: ConfigPath, config: unknown): ConfigPath | undefined {
  const key = rest.join('.');
  if (key === 'stop.grace') return ['shared', 'mcp', 'shutdown_timeout'];
  const section = valueAt(config, ['processes', name ?? '', 'shared']);
  if (typeof section !== 'string') return undefined;
  if (key === 'port' || key === 'port.preferred') return ['shared', section, 'port'];
  return key === 'port.host' ? ['shared', section, 'host'] : undefined;
}

/** What the config or a process says of a variable: its env files first, over which `env` wins. */
async function writtenInEnvironment(
  owner: ConfigPath,
  variable: PropertyKey | undefined,
  facts: Explainable,
): Promise<readonly WrittenValue[]> {
  const path = [...owner, 'env', ...(variable === undefined ? [] : [variable])];
  const named = valueAt(facts.config, [...owner, 'envFile']) ?? [];
  const files = typeof variable === 'string' ? [named].flat().filter((file) => typeof file === 'string') : [];
  const found = files.map(async (name) => {
    const file = resolve(facts.root, name);
    const { line, value } = (await findVariable(file, String(variable))) ?? {};
    return value === undefined
      ? []
      : [{ layer: name, file, line: line ?? 1, path: String(variable), value: facts.show(value, path) }];
  });
  return [...(await Promise.all(found)).flat(), ...writtenIn(path, facts)];
}

function writtenIn(at: ConfigPath, { source, show }: Explainable): readonly WrittenValue[] {
  return source.written(at).map(({ layer, path, value }) => ({
    layer: layer.name,
    ...(layer.file !== undefined && { file: layer.file }),
    ...layer.locate(path),
    path: formatPath(path),
    value: show(value, at),
  }));
}

function isOfPlugin([section, , key]: ConfigPath): boolean {
  return section === 'plugins' || (section === 'processes' && !processKeys.includes(String(key)));
}
