import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, type JsonSchema } from '@promptbin/core';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { nodeOf } from '../checks/config-tables.ts';
import { officialPlugins } from '../checks/schema-file.ts';

const repository = join(import.meta.dirname, '..', '..');
const config = nodeOf(configJsonSchema(officialPlugins).$defs?.complete);
const processNode = nodeOf(nodeOf(config.properties?.processes).additionalProperties);

/** What the comment of each member of an interface says is its default, by its dotted path. */
function defaultsInTypes(file: string, name: string): Record<string, string> {
  const source = readFileSync(join(repository, file), 'utf8');
  const { program, comments } = parseSync(file, source);
  const defaults: Record<string, string> = {};
  const visit = (members: readonly object[], path: string): void => {
    for (const member of members as readonly Member[]) {
      const comment = comments.find(({ type, end }) => type === 'Block' && isBetween(source, end, member.start));
      // An index signature has none.
      if (member.key?.name === undefined) continue;
      const key = `${path}${member.key.name}`;
      defaults[key] = defaultIn(comment?.value.replaceAll(/\n\s*\*/g, '') ?? '');
      for (const inner of literalsIn(member.typeAnnotation?.typeAnnotation)) visit(inner, `${key}.`);
    }
  };
  new Visitor({
    TSInterfaceDeclaration: ({ id, body }) => {
      if (id.name === name) visit(body.body, '');
    },
  }).visit(program);
  return defaults;
}

interface Member {
  readonly start: number;
  readonly key?: { readonly name?: string };
  readonly typeAnnotation?: { readonly typeAnnotation?: Type };
}
interface Type {
  readonly type: string;
  readonly types?: readonly Type[];
  readonly members?: readonly object[];
}

function literalsIn(type: Type | undefined): readonly (readonly object[])[] {
  if (type?.type === 'TSUnionType') return (type.types ?? []).flatMap(literalsIn);
  return type?.type === 'TSTypeLiteral' ? [type.members ?? []] : [];
}

function isBetween(source: string, end: number, start: number): boolean {
  return end <= start && source.slice(end, start).trim() === '';
}

/** The same of the schema. */
function defaultsInSchema(node: JsonSchema, path = ''): Record<string, string> {
  const objects = [node, ...(node.anyOf ?? []).map(nodeOf)];
  return Object.assign(
    {},
    ...objects.flatMap(({ properties = {} }) =>
      Object.entries(properties).map(([key, value]) => ({
        [`${path}${key}`]: defaultIn(nodeOf(value).description ?? ''),
        ...defaultsInSchema(nodeOf(value), `${path}${key}.`),
      })),
    ),
  );
}

function defaultIn(text: string): string {
  const [, value = ''] = /Default:? (.*?)\.?\s*$/.exec(text) ?? [];
  // Without what is told apart by the notation only; "*/" would end a comment.
  return value.replaceAll(/[`'"\\ ]/g, '');
}

const fields = (name: string): JsonSchema => nodeOf(processNode.properties?.[name]);
const inside = (node: JsonSchema, key: string): JsonSchema => {
  const [object] = [node, ...(node.anyOf ?? []).map(nodeOf)].filter(({ properties }) => properties?.[key]);
  return nodeOf(object?.properties?.[key]);
};

test.each([
  ['core/src/contract/config.ts', 'ProcessBase', processNode],
  ['core/src/contract/process-options.ts', 'PortOptions', inside(processNode, 'port')],
  ['core/src/contract/process-options.ts', 'ProcessAttributes', processNode],
  ['core/src/contract/config.ts', 'Config', config],
  ['core/src/contract/config.ts', 'SharedInput', inside(config, 'shared')],
  ['plugin-restart/src/settings.ts', 'RestartSettings', fields('restart')],
  ['plugin-fswatch/src/fields.ts', 'WatchSettings', fields('fswatch')],
  ['plugin-health/src/fields.ts', 'Timing', inside(fields('health'), 'liveness')],
  ['plugin-health/src/fields.ts', 'StartupFields', inside(fields('health'), 'startup')],
] as const)('%s: the comments of %s tell the same defaults as its schema', (file, name, node) => {
  const types = defaultsInTypes(`packages/${file}`, name);
  const schema = defaultsInSchema(node);
  expect(Object.keys(types).length).toBeGreaterThan(1);
  expect(types).toEqual(Object.fromEntries(Object.keys(types).map((key) => [key, schema[key]])));
});
