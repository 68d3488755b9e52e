import * as z from 'zod';
import type { Path } from './issues.ts';
import { type JsonNode, nodesAt } from './json-nodes.ts';
import { officialPackage } from './official.ts';
import { nearest } from './suggest.ts';

/** What other process managers call it. */
const elsewhere: Readonly<Record<string, string>> = {
  apps: 'processes',
  programs: 'processes',
  scripts: 'processes',
  services: 'processes',
  tasks: 'processes',
  args: 'command',
  cmd: 'command',
  entrypoint: 'command',
  exec: 'command',
  run: 'command',
  script: 'command',
  environment: 'env',
  dir: 'cwd',
  directory: 'cwd',
  working_dir: 'cwd',
  watch: 'fswatch',
  healthcheck: 'health',
  autorestart: 'restart',
  max_restarts: 'restart',
};

/** What an unknown key was meant to be. */
export interface Meant {
  readonly hint?: string;
  /** The package of the plugin that the key would belong to. */
  readonly owner?: string;
}

/** Plugins of this project whose keys are not known, because they are not listed. */
export interface Unlisted {
  readonly keys: readonly string[];
  /** How one is listed in the file at hand. */
  howToList(key: string): string;
}

/** What to write instead of an unknown key. */
export function meantInstead(key: string, known: readonly string[], unlisted?: Unlisted): Meant {
  const others = unlisted?.keys ?? [];
  const guess = others.includes(key) ? key : meantKey(key, [...known, ...others]);
  if (guess === undefined) return known.length === 0 ? {} : { hint: `Known keys: ${known.join(', ')}.` };
  const question = guess === key ? [] : [`Did you mean "${guess}"?`];
  if (unlisted === undefined || !others.includes(guess)) return { hint: question.join(' ') };
  const owner = officialPackage(guess);
  const belongs = `That key belongs to ${owner}, which is not in plugins: ${unlisted.howToList(guess)}.`;
  return { hint: [...question, belongs].join(' '), owner };
}

/** How a plugin of this project is added to `plugins` in a config that is a module, or else JSON or YAML. */
export function howToList(key: string, file: string | undefined): string {
  const isModule = file === undefined || /\.[cm]?[jt]s$/.test(file);
  return isModule ? `import { ${key} } from it and add ${key}()` : `add "${officialPackage(key)}"`;
}

/** The known key that was meant, if any is likely. */
export function meantKey(key: string, known: readonly string[]): string | undefined {
  const synonym = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
  return synonym !== undefined && known.includes(synonym) ? synonym : nearest(key, known);
}

/** The keys that `schema` takes at `path`, found in its JSON Schema, where every kind of schema looks alike. */
export function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  try {
    return nodesAt(jsonSchemaOf(schema), path).flatMap((node) => Object.keys(node.properties ?? {}));
  } catch {
    // The schema of a plugin may come from another version of zod. A suggestion is all that is lost.
    return [];
  }
}

const jsonSchemas = new WeakMap<z.ZodType, JsonNode>();

/** Made once: there may be as many mistakes as there are processes. */
function jsonSchemaOf(schema: z.ZodType): JsonNode {
  const known = jsonSchemas.get(schema);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  jsonSchemas.set(schema, made);
  return made;
}
