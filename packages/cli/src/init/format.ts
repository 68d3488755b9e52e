import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Draft } from './draft.ts';
import { renderModule } from './module.ts';
import { renderYaml } from './yaml.ts';

export const formats = ['ts', 'js', 'yaml', 'json'] as const;
export type Format = (typeof formats)[number];

export interface Rendered {
  /** Name of the file, without a folder. */
  readonly file: string;
  readonly text: string;
  /** Why it is in this format. */
  readonly because: string;
}

/** The draft as it is written in `root`: in the format asked for, else in TypeScript where its types are, else in YAML. */
export function renderDraft(draft: Draft, root: string, wanted: Format | undefined): Rendered {
  const packages = ['core', ...draft.plugins.map(({ name }) => `plugin-${name}`)].map((name) => `@promptbin/${name}`);
  const missing = packages.find((name) => !isInstalled(name, root));
  const isTyped = missing === undefined && existsSync(join(root, 'package.json'));
  const format = wanted ?? (isTyped ? 'ts' : 'yaml');
  const because = {
    asked: 'as asked for',
    typed: 'TypeScript, because @promptbin/core is installed here and gives it types',
    plain: `YAML, because ${missing === undefined ? 'there is no package.json here' : `${missing} is not installed here`}`,
  }[wanted !== undefined ? 'asked' : isTyped ? 'typed' : 'plain'];
  return { ...renderAs(format, draft, root, isTyped), because };
}

function renderAs(format: Format, draft: Draft, root: string, isTyped: boolean): Pick<Rendered, 'file' | 'text'> {
  const schema = findSchema(root);
  switch (format) {
    case 'yaml':
      return { file: 'promptbin.config.yaml', text: renderYaml(draft, yamlHead(schema)) };
    case 'json':
      return { file: 'promptbin.config.json', text: renderJson(draft, schema) };
    case 'js':
    case 'ts':
      return { file: `promptbin.config.${extensionFor(format, root)}`, text: renderModule(draft, isTyped) };
  }
}

function yamlHead(schema: string | undefined): readonly string[] {
  return schema === undefined
    ? ['For completion in an editor: promptbin config schema > promptbin.schema.json']
    : [`yaml-language-server: $schema=${schema}`];
}

function renderJson(draft: Draft, schema: string | undefined): string {
  const config = {
    ...(schema !== undefined && { $schema: schema }),
    plugins: draft.plugins.map(({ name }) => `@promptbin/plugin-${name}`),
    processes: Object.fromEntries(
      draft.processes.map(({ name, fields }) => [
        name,
        Object.fromEntries(fields.map(({ key, value }) => [key, value])),
      ]),
    ),
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** As an import from that folder looks; `require` would look in the folders of NODE_PATH too. */
function isInstalled(name: string, root: string): boolean {
  return foldersUp(root).some((folder) => existsSync(join(folder, 'node_modules', name, 'package.json')));
}

/** The schema that an installed core brings, by a path that stays true on another machine. */
function findSchema(root: string): string | undefined {
  for (const folder of foldersUp(root)) {
    const file = join(folder, 'node_modules/@promptbin/core/schema.json');
    if (existsSync(file)) return folder === root ? `./${relative(root, file)}` : relative(root, file);
  }
  return undefined;
}

/** Node takes `.js` for a module only where package.json says so, and `.ts` unless it says otherwise. */
function extensionFor(format: 'ts' | 'js', root: string): string {
  const manifest = foldersUp(root)
    .map((folder) => join(folder, 'package.json'))
    .find((file) => existsSync(file));
  const type = manifest === undefined ? undefined : typeIn(manifest);
  const isPlain = type === 'module' || (format === 'ts' && type === undefined);
  return isPlain ? format : `m${format}`;
}

function typeIn(manifest: string): unknown {
  try {
    return JSON.parse(readFileSync(manifest, 'utf8')).type;
  } catch {
    return 'unreadable';
  }
}

function foldersUp(from: string): readonly string[] {
  const above = dirname(from);
  return above === from ? [from] : [from, ...foldersUp(above)];
}
