import type { JsonSchema } from '@promptbin/core';

/** One key of a schema, as a table tells it. */
interface Row {
  /** Dotted, below the object that the table is of. */
  readonly key: string;
  readonly type: string;
  readonly default: string;
  readonly meaning: string;
}

/** A Markdown table of the keys of an object, and of the objects inside it. */
export function renderKeys(node: JsonSchema): string {
  const rows = rowsOf(node);
  const cells = rows.map(({ key, type, default: value, meaning }) => [`\`${key}\``, type, value, meaning]);
  const lines = cells.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  return ['| Key | Type | Default | |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function rowsOf(root: JsonSchema): readonly Row[] {
  const rows = new Map<string, Row>();
  const visit = (node: JsonSchema, path: readonly string[]): void => {
    for (const object of objectsIn(node)) {
      for (const [name, value] of Object.entries(object.properties ?? {})) {
        const inner = nodeOf(value);
        if (inner.not !== undefined) continue;
        const keys = [...path, name];
        const [, meaning = '', told = ''] = /^(.*?)(?: Default: (.*)\.)?$/s.exec(inner.description ?? '') ?? [];
        const required = object.required?.includes(name);
        const row = { key: keys.join('.'), type: typeOf(inner), default: required ? 'required' : told, meaning };
        // What an object has in common with the one around it is told there.
        const around = rows.get(keys.slice(1).join('.'));
        if (around !== undefined && around.meaning === meaning && around.default === told) continue;
        rows.set(row.key, row);
        visit(inner, keys);
      }
    }
  };
  visit(root, []);
  return [...rows.values()];
}

/** The object itself, or those among its alternatives, whose keys are known. */
function objectsIn(node: JsonSchema): readonly JsonSchema[] {
  if (node.properties !== undefined) return [node];
  return (node.anyOf ?? []).flatMap((branch) => objectsIn(nodeOf(branch)));
}

/** In a few words: `text or list of text`. */
export function typeOf(node: JsonSchema): string {
  const { type, enum: values, items, additionalProperties } = node;
  const [unit] = (node.anyOf ?? []).flatMap((branch) => units[patternOf(branch)] ?? []);
  if (unit !== undefined) return unit;
  if (node.anyOf !== undefined) return either(node.anyOf.map((branch) => typeOf(nodeOf(branch))));
  if (node.const !== undefined) return code(node.const);
  if (values !== undefined) return values.every(isSignal) ? 'name of a signal' : either(values.map(code));
  if (Array.isArray(type)) return either(type.map((one) => kinds[one] ?? one));
  if (type === 'array') return listOf(nodeOf(items));
  if (type === 'object' && node.properties === undefined && typeof additionalProperties === 'object') {
    return `map of ${typeOf(additionalProperties)}`;
  }
  return typeof type === 'string' ? (kinds[type] ?? type) : 'any JSON';
}

function listOf(items: JsonSchema): string {
  const type = typeOf(items);
  return items.anyOf !== undefined ? 'list' : `list of ${type.endsWith('number') ? `${type}s` : type}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'whole number',
  null: '`null`',
};

/** By the pattern of their text. */
const units: Readonly<Record<string, string>> = {
  '^\\d+(\\.\\d+)?(ms|s|m|h)$': 'duration',
  '^(\\d+b|\\d+(\\.\\d+)?(kb|mb|gb))$': 'size',
};

function patternOf(branch: unknown): string {
  return nodeOf(branch).pattern ?? '';
}

function either(types: readonly string[]): string {
  return [...new Set(types)].join(' or ');
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function isSignal(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('SIG');
}

export function nodeOf(value: unknown): JsonSchema {
  return isNode(value) ? value : {};
}

function isNode(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
