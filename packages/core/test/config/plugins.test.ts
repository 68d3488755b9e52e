import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { definePlugin } from '../../src/plugins/define.ts';
import { mistakesOf, textsOf } from './mistakes.ts';
import { loadConfig, project, resolveConfig, write } from './project.ts';

const tag = definePlugin({
  name: 'tag',
  options: z.undefined(),
  fields: z.strictObject({ text: z.string().default('none') }).default({ text: 'absent' }),
  setup() {},
});

const source = (name: string) => `
import { definePlugin } from '${join(import.meta.dirname, '../../src/plugins/define.ts')}';
import * as z from '${import.meta.resolve('zod').replace('file://', '')}';
export const plugin = definePlugin({
  name: '${name}',
  options: z.strictObject({ color: z.string() }).default({ color: 'red' }),
  fields: z.strictObject({}),
  setup() {},
});
`;

/** A package that exports to `import` only, as many do. */
const packaged = (folder: string, text: string) => ({
  [`${folder}/package.json`]: JSON.stringify({ type: 'module', exports: { import: './index.js' } }),
  [`${folder}/index.js`]: text,
});

test('a key that is there is parsed by the schema of its plugin; one that is absent stays so', async () => {
  const processes = { a: { command: 'x', tag: {} }, b: { command: 'x' }, c: { command: 'x', tag: undefined } };
  const { resolved, plugins } = await resolveConfig({ plugins: [tag()], processes }, { root: '/project' });
  expect(plugins.map(({ plugin }) => plugin.name)).toEqual(['tag']);
  expect(Object.values(resolved.processes).map(({ fields }) => fields)).toEqual([{ tag: { text: 'none' } }, {}, {}]);
});

test('packages are found from the folder of the config, with and without options', async () => {
  const root = await project({
    ...packaged('node_modules/one', source('one')),
    ...packaged('node_modules/@scope/two', source('two')),
    'plugins/three.ts': source('three'),
  });
  const config = { plugins: ['one', ['@scope/two', { color: 'blue' }], './plugins/three.ts'] as const, processes: {} };
  const { plugins } = await resolveConfig(config, { root });
  expect(plugins.map(({ plugin, options }) => [plugin.name, options])).toEqual([
    ['one', { color: 'red' }],
    ['two', { color: 'blue' }],
    ['three', { color: 'red' }],
  ]);
});

test('a plugin of the project itself is read anew when its file has changed, and only then', async () => {
  const root = await project({ 'own.ts': source('own') });
  const resolvedPlugin = async () =>
    (await resolveConfig({ plugins: ['./own.ts'], processes: {} }, { root })).plugins[0];
  const first = await resolvedPlugin();
  expect((await resolvedPlugin())?.plugin.fields).toBe(first?.plugin.fields);
  await write(root, { 'own.ts': source('other') });
  await utimes(join(root, 'own.ts'), 1, 1);
  expect((await resolvedPlugin())?.plugin.name).toBe('other');
});

test('a plugin is found from the file that names it, and the stronger file has the last word on its options', async () => {
  const root = await project({
    'promptbin.config.json': JSON.stringify({
      extends: './base/base.yaml',
      plugins: [['./other-tag.ts', { color: 'blue' }], './other.ts'],
      processes: {},
    }),
    'base/base.yaml': 'plugins: [./tag.ts, ./own.ts]',
    'base/tag.ts': source('tag'),
    'base/own.ts': source('own'),
    'other-tag.ts': source('tag'),
    'other.ts': source('other'),
  });
  const { config, ...at } = await loadConfig({ from: root });
  const { plugins } = await resolveConfig(config, at);
  expect(plugins.map(({ plugin, options }) => [plugin.name, options])).toEqual([
    ['tag', { color: 'blue' }],
    ['own', { color: 'red' }],
    ['other', { color: 'red' }],
  ]);
});

test('the same name leads each project to its own package, also at the same time', async () => {
  const names = ['first', 'second', 'third'];
  const roots = await Promise.all(names.map((name) => project(packaged('node_modules/own', source(name)))));
  const configs = await Promise.all(roots.map((root) => resolveConfig({ plugins: ['own'], processes: {} }, { root })));
  expect(configs.map(({ plugins }) => plugins[0]?.plugin.name)).toEqual(names);
});

test('a package that is missing is a mistake with the way to install it, and its keys are not told as well', async () => {
  const root = await project({});
  const config = {
    plugins: ['promptbin-plugin-x', tag()],
    processes: { web: { command: 'x', x: {}, comand: 'y', tag: {} } },
  };
  expect(await mistakesOf(config, { root, resolve: resolveConfig })).toMatchObject([
    {
      code: 'PB_PLUGIN_NOT_FOUND',
      path: 'plugins[0]',
      message: 'plugins[0] names "promptbin-plugin-x", which is not installed.',
      hint: `Run "npm install -D promptbin-plugin-x" in ${root}.`,
    },
    { code: 'PB_CONFIG_INVALID', path: 'processes.web.comand', hint: 'Did you mean "command"?' },
  ]);
});

test.each(['health', '@promptbin/plugin-helth'])('%s was meant to be the package of the project', async (name) => {
  const root = await project({});
  const [issue] = await mistakesOf({ plugins: [name], processes: {} }, { root, resolve: resolveConfig });
  expect(issue?.hint).toBe('Did you mean "@promptbin/plugin-health"?');
});

test('a package that is no plugin, one that throws, and options that do not fit', async () => {
  const root = await project({
    ...packaged('node_modules/other', 'export const something = 1;'),
    ...packaged('node_modules/throws', 'throw new Error("no luck today");'),
    ...packaged('node_modules/one', source('one')),
    ...packaged('node_modules/nothing', 'export function plugin() {}'),
  });
  const config = { plugins: ['other', 'throws', ['one', { colour: 'blue' }], 'nothing'], processes: {} };
  expect(await mistakesOf(config, { root, resolve: resolveConfig })).toMatchObject([
    { code: 'PB_PLUGIN_INVALID', message: 'plugins[0] names "other", which has no export "plugin".' },
    { code: 'PB_PLUGIN_NOT_FOUND', message: 'plugins[1] names "throws", which cannot be loaded: no luck today.' },
    { code: 'PB_PLUGIN_OPTIONS', path: 'plugins[2][1].color', message: 'plugins[2][1].color is missing.' },
    {
      code: 'PB_PLUGIN_OPTIONS',
      message: 'plugins[2][1] has an unknown key "colour".',
      hint: 'Did you mean "color"?',
    },
    { code: 'PB_PLUGIN_INVALID', message: 'plugins[3] is undefined, not a plugin.' },
  ]);
});

test('a factory that was not called', async () => {
  function health(): void {}
  expect(await textsOf({ plugins: [health], processes: {} })).toEqual([
    'plugins[0] is a function, not a plugin. Write health() instead of health.',
  ]);
  expect(await textsOf({ plugins: [tag], processes: {} })).toEqual([
    expect.stringMatching(/^plugins\[0\] is a function, not a plugin\. (Write tag\(\)|Call the factory)/),
  ]);
});

const circle: Record<string, unknown> = {};
circle.self = circle;

test.each([
  [circle, 'PB_PLUGIN_INVALID', 'plugins[0] is {"self":"[circle]"}, not a plugin.'],
  [{ name: 'x' }, 'PB_PLUGIN_INVALID', 'plugins[0] is {"name":"x"}, not a plugin.'],
  [false, 'PB_PLUGIN_INVALID', 'plugins[0] is false, not a plugin.'],
  [
    { ...tag(), api: 2 },
    'PB_PLUGIN_INVALID',
    'plugins[0] is plugin "tag" for version 2 of the contract; this promptbin has version 1.',
  ],
  [
    { ...tag(), name: 'port' },
    'PB_PLUGIN_INVALID',
    'plugins[0] is a plugin of the name "port", which is a key of every process.',
  ],
])('%j is not accepted', async (plugin, code, message) => {
  expect(await mistakesOf({ plugins: [plugin], processes: {} })).toMatchObject([{ code, path: 'plugins[0]', message }]);
});

test.each([
  ['pnpm-lock.yaml', 'pnpm add -D'],
  ['yarn.lock', 'yarn add -D'],
  ['bun.lock', 'bun add -D'],
  ['package-lock.json', 'npm install -D'],
])('beside a %s, also of a folder above, it is installed by "%s"', async (lock, command) => {
  const root = join(await project({ [lock]: '', 'app/x': '' }), 'app');
  const [issue] = await mistakesOf({ plugins: ['not-there'], processes: {} }, { root, resolve: resolveConfig });
  expect(issue?.hint).toBe(`Run "${command} not-there" in ${root}.`);
});

test('options that a plugin cannot do without, and options whose check throws', async () => {
  const needy = definePlugin({
    name: 'needy',
    options: z.strictObject({ token: z.string() }),
    fields: z.undefined(),
    setup() {},
  });
  const hostile = definePlugin({
    name: 'hostile',
    options: z.unknown().transform(() => {
      throw new Error('no luck today');
    }),
    fields: z.undefined(),
    setup() {},
  });
  expect(await mistakesOf({ plugins: [(needy as () => unknown)(), hostile({})], processes: {} })).toMatchObject([
    { code: 'PB_PLUGIN_OPTIONS', message: 'plugins[0] has no options, and cannot do without.' },
    { code: 'PB_PLUGIN_INVALID', message: 'plugins[1] cannot be read by its plugin: no luck today.' },
  ]);
});

test('two plugins of one name', async () => {
  expect(await mistakesOf({ plugins: [tag(), tag()], processes: {} })).toMatchObject([
    { code: 'PB_PLUGIN_DUPLICATE', path: 'plugins[1]', message: 'plugins[1] is a second plugin of the name "tag".' },
  ]);
});

test('a plugin whose schema throws is named', async () => {
  const fields = z.string().transform(() => {
    throw new Error('no luck today');
  });
  const hostile = definePlugin({ name: 'hostile', options: z.undefined(), fields, setup() {} });
  expect(await textsOf({ plugins: [hostile()], processes: { web: { command: 'x', hostile: '' } } })).toEqual([
    'processes.web.hostile cannot be read by its plugin: no luck today.',
  ]);
});
