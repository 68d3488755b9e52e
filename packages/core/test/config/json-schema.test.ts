import { expect, test } from 'vitest';
import * as z from 'zod';
import { configJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import { processKeys } from '../../src/config/process-schema.ts';
import { configKeys } from '../../src/config/schema.ts';
import { duration } from '../../src/config/units.ts';
import { definePlugin } from '../../src/plugins/define.ts';

type Node = JsonSchema | undefined;

const at = (node: unknown, ...path: readonly (string | number)[]): Node =>
  path.reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], node) as Node;

const inProcess = ['properties', 'processes', 'additionalProperties', 'properties'] as const;

/** The node of the fields of a plugin with this schema. */
function fieldsNode(fields: z.ZodType): Node {
  const plugin = definePlugin({ name: 'own', options: z.undefined(), fields, setup() {} });
  return at(configJsonSchema([plugin()]), '$defs', 'complete', ...inProcess, 'own');
}

test('it has every key of core', () => {
  const { $defs, ...top } = configJsonSchema([]);
  expect(top).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    if: { required: ['extends'] },
    else: { $ref: '#/$defs/complete' },
  });
  expect(Object.keys($defs?.complete?.properties ?? {})).toEqual(configKeys);
  expect(Object.keys(at($defs, 'complete', ...inProcess) ?? {})).toEqual(processKeys);
});

test('a description tells the default, which editors seldom show', () => {
  const complete = configJsonSchema([]).$defs?.complete;
  expect(at(complete, ...inProcess, 'stop', 'properties', 'signal')).toMatchObject({
    description: 'Sent to the whole process group. Default: `SIGTERM`.',
    default: 'SIGTERM',
  });
  expect(at(complete, ...inProcess, 'ready', 'properties', 'timeout')).toMatchObject({ default: '60s' });
});

test('a duration is a number or text with a unit, also in the fields of a plugin', () => {
  expect(fieldsNode(duration)).toMatchObject({
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$' },
    ],
  });
});

test('what JSON has no value for is not offered', () => {
  const fields = z.strictObject({
    text: z.union([z.string(), z.instanceof(RegExp), z.date()]),
    nothing: z.undefined().optional(),
    never: z.never().optional(),
  });
  expect(fieldsNode(fields)).toEqual({
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  });
  expect(fieldsNode(z.undefined())).toBeUndefined();
});

test('what only code can check says so, and allows anything', () => {
  const custom = z.custom<string>((value) => typeof value === 'string');
  expect(fieldsNode(custom)).toEqual({ $comment: expect.stringContaining('Checked by promptbin') });
});

test('a format that only zod knows is left to its pattern', () => {
  expect(fieldsNode(z.string().startsWith('/'))).toEqual({ type: 'string', pattern: '^\\/.*' });
});

test('a plugin of another package may be listed, with any options', () => {
  const plugin = definePlugin({ name: 'own', options: z.undefined(), fields: z.string(), setup() {} });
  const { anyOf } = at(configJsonSchema([plugin()]), '$defs', 'complete', 'properties', 'plugins', 'items') ?? {};
  expect(anyOf).toEqual([
    { type: 'string', minLength: 1, not: { enum: [] } },
    { type: 'array', prefixItems: [expect.anything(), {}], minItems: 1, maxItems: 2 },
  ]);
});

test('with extends everything may be left out, or taken out by null', () => {
  const { $defs } = configJsonSchema([]);
  const extending = $defs?.extending;
  expect($defs?.complete?.required).toEqual(['processes']);
  expect(extending?.required).toBeUndefined();
  const process = at(extending, 'properties', 'processes', 'anyOf', 0, 'additionalProperties', 'anyOf');
  expect(process).toEqual([expect.objectContaining({ type: 'object' }), { type: 'null' }]);
  expect(at(process, 0)).not.toHaveProperty('required');
  expect(at(process, 0, 'properties', 'kind')).toMatchObject({
    anyOf: [{ type: 'string', enum: ['service', 'job'] }, { type: 'null' }],
  });
});

test('two plugins may both define schemas that refer to themselves', () => {
  const tree = (name: string) =>
    definePlugin({ name, options: z.undefined(), fields: z.record(z.string(), z.json()), setup() {} })();
  const text = JSON.stringify(configJsonSchema([tree('a'), tree('b')]));
  const refs = [...text.matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
  const { $defs = {} } = JSON.parse(text) as JsonSchema;
  expect(refs.filter((name) => !Object.hasOwn($defs, name ?? ''))).toEqual([]);
});
