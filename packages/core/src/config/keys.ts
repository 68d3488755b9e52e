import * as z from 'zod';
import type { Path } from './issues.ts';
import { nearest } from './suggest.ts';

/** Keys of a process that belong to a plugin of this project, `@promptbin/plugin-<key>`. */
export const officialKeys: readonly string[] = ['health', 'restart', 'fswatch', 'mcp'];

/** What other process managers call it. */
const elsewhere: Readonly<Record<string, string>> = {
  args: 'command',
  cmd: 'command',
  script: 'command',
  entrypoint: 'command',
  environment: 'env',
  working_dir: 'cwd',
  watch: 'fswatch',
};

export function officialPackage(key: string): string {
  return `@promptbin/plugin-${key}`;
}

/** What to write instead of an unknown key. `unlisted` are keys that would be known if their plugin were listed. */
export function unknownKeyHint(key: string, known: readonly string[], unlisted: readonly string[]): string | undefined {
  const owner = (name: string) => `That key belongs to ${officialPackage(name)}, which is not in plugins.`;
  if (unlisted.includes(key)) return owner(key);
  const guess = meantKey(key, [...known, ...unlisted]);
  if (guess === undefined) return known.length === 0 ? undefined : `Known keys: ${known.join(', ')}.`;
  return `Did you mean "${guess}"?${unlisted.includes(guess) ? ` ${owner(guess)}` : ''}`;
}

/** The known key that was meant, if any is likely. */
export function meantKey(key: string, known: readonly string[]): string | undefined {
  const synonym = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
  return synonym !== undefined && known.includes(synonym) ? synonym : nearest(key, known);
}

/** The keys that `schema` takes at `path`, found in its JSON Schema, where every kind of schema looks alike. */
export function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  try {
    let nodes = alternatives(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    for (const step of path) nodes = nodes.flatMap((node) => child(node, step)).flatMap(alternatives);
    return nodes.flatMap((node) => Object.keys(node.properties ?? {}));
  } catch {
    // The schema of a plugin may come from another version of zod. A suggestion is all that is lost.
    return [];
  }
}

type Node = z.core.JSONSchema.BaseSchema;

function alternatives(node: Node): Node[] {
  const branches = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [node, ...branches.filter((branch) => typeof branch === 'object').flatMap(alternatives)];
}

function child(node: Node, step: PropertyKey): Node[] {
  const next =
    typeof step === 'number'
      ? (node.prefixItems?.[step] ?? node.items)
      : (node.properties?.[String(step)] ?? node.additionalProperties);
  return typeof next === 'object' && !Array.isArray(next) ? [next] : [];
}
