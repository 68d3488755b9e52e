import * as z from 'zod';
import type { Plugin } from '../contract/plugin.ts';
import { officialKeys, officialPackage } from './official.ts';
import { configSchemaWith } from './schema.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema of a config with these plugins: their fields on each process, and their options. A config that `extends`
 * others may leave out what it inherits, and take it out with `null`. What depends on other values, such as the names in
 * `dependsOn`, is checked by promptbin only.
 */
export function configJsonSchema(plugins: readonly Plugin[]): JsonSchema {
  const byName = <T>(pick: (plugin: Plugin) => T) => Object.fromEntries(plugins.map((each) => [each.name, pick(each)]));
  // In one go, so that no two definitions of the result share a name.
  const all = z.strictObject({
    config: configSchemaWith(byName(({ fields }) => fields.optional())),
    options: z.strictObject(byName(({ options }) => options)),
  });
  const { $schema, $defs, properties } = z.toJSONSchema(all, { io: 'input', unrepresentable, override: complete });
  const config = nodeOf(properties?.config);
  const options = nodeOf(properties?.options).properties ?? {};
  config.properties = { ...config.properties, plugins: pluginsNode(nodeOf(config.properties?.plugins), options) };
  return {
    ...($schema !== undefined && { $schema }),
    title: 'Config of promptbin',
    if: { type: 'object', required: ['extends'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: '#/$defs/extending' },
    else: { $ref: '#/$defs/complete' },
    $defs: { complete: config, extending: overriding(config), ...$defs },
  };
}

type Override = NonNullable<z.core.JSONSchemaGeneratorParams['override']>;
type Unrepresentable = Extract<z.core.JSONSchemaGeneratorParams['unrepresentable'], (...args: never) => unknown>;

const nothing: JsonSchema = { not: {} };

/** What JSON has no value for is not allowed; what only code can check is said to be so. */
const unrepresentable: Unrepresentable = ({ zodSchema, message }) => {
  const { type } = zodSchema._zod.def;
  const byCode = type === 'transform' || (type === 'custom' && !('Class' in zodSchema._zod.bag));
  return byCode ? { $comment: `Checked by promptbin: ${message}` } : nothing;
};

const complete: Override = ({ jsonSchema: node }) => {
  if (node.anyOf !== undefined) node.anyOf = node.anyOf.filter((branch) => !isNothing(branch));
  for (const [key, value] of Object.entries(node.properties ?? {})) {
    if (node.additionalProperties === false && isNothing(value)) delete node.properties?.[key];
  }
  // Names of zod's own, such as "starts_with", which stand beside a pattern.
  if (node.pattern !== undefined) delete node.format;
  const shown = showDefault(node.default);
  // Editors show the description, and hardly any of them the default.
  if (shown !== undefined && node.description !== undefined) node.description += ` Default: \`${shown}\`.`;
};

function isNothing(node: unknown): boolean {
  const { not } = nodeOf(node);
  return not !== undefined && Object.keys(not).length === 0;
}

/** A default worth a word: what is empty by default is left unsaid. */
function showDefault(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? undefined : JSON.stringify(value);
  return String(value);
}

function nodeOf(value: unknown): JsonSchema {
  return isNode(value) ? value : {};
}

function isNode(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

/** A package, or a list of a package and its options. */
function pluginsNode(node: JsonSchema, options: Readonly<Record<string, unknown>>): JsonSchema {
  const known = Object.keys(options).filter((name) => officialKeys.includes(name));
  const other = { type: 'string', minLength: 1, not: { enum: known.map(officialPackage) } } as const;
  const withOptions = (name: JsonSchema, more: JsonSchema): JsonSchema => ({
    type: 'array',
    prefixItems: [name, more],
    minItems: 1,
    maxItems: 2,
  });
  return {
    ...node,
    type: 'array',
    items: {
      anyOf: [
        ...known.map((name): JsonSchema => ({ const: officialPackage(name) })),
        other,
        ...known.map((name) => withOptions({ const: officialPackage(name) }, nodeOf(options[name]))),
        withOptions(other, {}),
      ],
    },
  };
}

// Null is a value in these, or they are lists.
const whole = ['$schema', 'extends', 'plugins', 'env', 'shared'];

/** The same in a config that extends others: what it leaves out is inherited, and null takes out what is. */
function overriding({ required: _, default: __, ...node }: JsonSchema): JsonSchema {
  const { properties, additionalProperties, anyOf } = node;
  const keys = Object.entries(properties ?? {}).map(([key, value]) => {
    return [key, orNull(whole.includes(key) ? nodeOf(value) : overriding(nodeOf(value)))];
  });
  return {
    ...node,
    ...(properties !== undefined && { properties: Object.fromEntries(keys) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: orNull(overriding(nodeOf(additionalProperties))),
    }),
    ...(anyOf !== undefined && { anyOf: anyOf.map((branch) => overriding(nodeOf(branch))) }),
  };
}

function orNull({ description, ...node }: JsonSchema): JsonSchema {
  const isUnion = node.anyOf !== undefined && Object.keys(node).length === 1;
  return {
    ...(description !== undefined && { description }),
    anyOf: [...(isUnion ? (node.anyOf ?? []) : [node]), { type: 'null' }],
  };
}
