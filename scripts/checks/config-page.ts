import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, type JsonSchema, type Plugin } from '@promptbin/core';
import { nodeOf, renderKeys, typeOf } from './config-tables.ts';
import { officialPlugins } from './schema-file.ts';

/** Path in the repository. */
export const configPage = 'docs/config.md';

const parts = join(import.meta.dirname, '..', '..', 'docs', 'config');
const chapters = [
  'formats',
  'composing',
  'environment',
  'logs',
  'dependencies',
  'ports',
  'shared',
  'secrets',
  'looking',
  'reload',
];

/** The text of `docs/config.md`: the tables made from the schemas, the chapters from the files beside it. */
export function renderConfigPage(): string {
  const [start = '', ...rest] = ['start', ...chapters].map((name) => readFileSync(join(parts, `${name}.md`), 'utf8'));
  const body = [reference(), ...rest].map((chapter) => chapter.trim()).join('\n\n');
  return `<!-- Made by scripts/generate.ts from the schemas and docs/config/. Do not edit. -->

${start.trim()}

${contents(body)}

${body}
`;
}

/** A link to each heading. */
function contents(text: string): string {
  const outside = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...outside.matchAll(/^(##+) (.+)$/gm)]
    .map(([, level = '', title = '']) => {
      const anchor = title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-');
      return `${'  '.repeat(level.length - 2)}- [${title}](#${anchor})`;
    })
    .join('\n');
}

function reference(): string {
  const config = completeConfig([]);
  const { processes, ...own } = nodeOf(config).properties ?? {};
  return `## Every key

A **duration** is a number of milliseconds or text: \`500ms\`, \`2s\`, \`1.5m\`, \`1h\`. A **size** is a number of bytes or text: \`512b\`,
\`256kb\`, \`10mb\`, \`1gb\`; a kb is 1024 bytes. Paths are relative to the folder of the config.

### The config

${renderKeys({ ...config, properties: { ...own, processes: { ...nodeOf(processes), additionalProperties: true } } })}

### A process

\`processes.<name>\`: a name has 1 to 63 letters, digits, \`-\` and \`_\`.

${renderKeys(processOf(config))}

${officialPlugins.map(renderPlugin).join('\n\n')}`;
}

function renderPlugin(plugin: Plugin): string {
  const { name } = plugin;
  const config = completeConfig([plugin]);
  const fields = processOf(config).properties?.[name];
  const options = optionsOf(config, name);
  const about = nodeOf(fields).description;
  const link = `[@promptbin/plugin-${name}](../packages/plugin-${name}/README.md)`;
  const keys = fields === undefined ? '' : renderKeys(nodeOf(fields));
  const optionKeys = renderKeys(options);
  const hasOptions = Object.keys(options.properties ?? {}).length > 0;
  return [
    `### \`${name}\``,
    fields === undefined
      ? `${link} has nothing to set for a single process.`
      : `The key of ${link} on a process: ${typeOf(nodeOf(fields))}. ${about}`,
    keys,
    hasOptions && optionKeys === keys && 'Its options are the same keys: the defaults of all processes.',
    hasOptions && optionKeys !== keys && `Its options:\n\n${optionKeys}`,
    !hasOptions && 'It has no options.',
  ]
    .filter(Boolean)
    .join('\n\n');
}

function completeConfig(plugins: readonly Plugin[]): JsonSchema {
  return nodeOf(configJsonSchema(plugins).$defs?.complete);
}

function processOf(config: JsonSchema): JsonSchema {
  return nodeOf(nodeOf(config.properties?.processes).additionalProperties);
}

/** What may follow the name of its package in the list of plugins. */
function optionsOf(config: JsonSchema, name: string): JsonSchema {
  const { anyOf = [] } = nodeOf(nodeOf(config.properties?.plugins).items);
  const pairs = anyOf.map((entry) => nodeOf(entry).prefixItems ?? []);
  const pair = pairs.find(([ref]) => nodeOf(ref).const === `@promptbin/plugin-${name}`);
  return nodeOf(pair?.[1]);
}
