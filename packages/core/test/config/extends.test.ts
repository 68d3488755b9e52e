import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, project } from './project.ts';

const formats = {
  ts: (config: object) => `const config: object = ${JSON.stringify(config)};\nexport default config;\n`,
  js: (config: object) => `export default ${JSON.stringify(config)};\n`,
  mjs: (config: object) => `export default () => (${JSON.stringify(config)});\n`,
  json: (config: object) => JSON.stringify(config),
  // JSON is YAML.
  yaml: (config: object) => JSON.stringify(config, null, 2),
};
const names = Object.keys(formats) as (keyof typeof formats)[];

test.each(names.flatMap((main) => names.map((base) => [main, base] as const)))(
  'a config in %s extends one in %s',
  async (main, base) => {
    const root = await project({
      [`promptbin.config.${main}`]: formats[main]({ extends: `./base.${base}`, processes: { web: { port: 2 } } }),
      [`base.${base}`]: formats[base]({ processes: { web: { command: 'x', port: 1 } } }),
      'package.json': '{ "type": "module" }',
    });
    const { config, files } = await loadConfig({ from: root });
    expect(config.processes).toEqual({ web: { command: 'x', port: 2 } });
    expect(files).toEqual([join(root, `promptbin.config.${main}`), join(root, `base.${base}`)]);
  },
);

test('several are put over each other in their order, each over what it extends itself', async () => {
  const root = await project({
    'promptbin.config.json': '{ "extends": ["./a.yaml", "./b.yaml"], "main": 1, "all": "main" }',
    'a.yaml': 'extends: ./below.yaml\na: 1\nboth: a\nall: a',
    'b.yaml': 'extends: ./below.yaml\nb: 1\nboth: b\nall: b',
    'below.yaml': 'below: 1\nboth: below\nall: below',
  });
  const { config, source } = await loadConfig({ from: root });
  expect(config).toMatchObject({ below: 1, a: 1, b: 1, both: 'b', main: 1, all: 'main' });
  expect(source.layers.map(({ name }) => name)).toEqual(['below.yaml', 'a.yaml', 'b.yaml', 'promptbin.config.json']);
});

test('a file is found from the one that names it', async () => {
  const root = await project({
    'app/promptbin.config.yaml': 'extends: ../common/base.yaml',
    'common/base.yaml': 'extends: [deeper/base.yaml]\na: 1',
    'common/deeper/base.yaml': 'b: 1',
  });
  const loaded = await loadConfig({ from: join(root, 'app') });
  expect(loaded.config).toMatchObject({ a: 1, b: 1 });
  expect(loaded.root).toBe(join(root, 'app'));
  expect(loaded.source.layers.map(({ name, folder }) => [name, folder])).toEqual([
    ['../common/deeper/base.yaml', join(root, 'common/deeper')],
    ['../common/base.yaml', join(root, 'common')],
    ['promptbin.config.yaml', join(root, 'app')],
  ]);
});

test('a package is found from the file that names it, by what it exports', async () => {
  const root = await project({
    'promptbin.config.ts': "export default { extends: ['@acme/base', '@acme/base/web.json'] };",
    'node_modules/@acme/base/package.json': JSON.stringify({
      exports: { '.': { import: './index.mjs' }, './web.json': './web.json' },
    }),
    'node_modules/@acme/base/index.mjs': "export default { extends: 'lower', a: 1 };",
    'node_modules/@acme/base/web.json': '{ "b": 1 }',
    'node_modules/@acme/base/node_modules/lower/package.json': '{ "exports": "./lower.yaml" }',
    'node_modules/@acme/base/node_modules/lower/lower.yaml': 'c: 1',
  });
  expect((await loadConfig({ from: root })).config).toMatchObject({ a: 1, b: 1, c: 1 });
});

test('a config function below gets the same env and mode', async () => {
  const text = 'export default ({ env, mode }) => ({ env: { MODE: mode, HOME: env.HOME } });';
  const root = await project({ 'promptbin.config.yaml': 'extends: ./base.mjs', 'base.mjs': text });
  const { config } = await loadConfig({ from: root, mode: 'test', env: { HOME: '/home/x' } });
  expect(config.env).toEqual({ MODE: 'test', HOME: '/home/x' });
});
