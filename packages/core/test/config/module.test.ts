import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, project, write } from './project.ts';

test.each([
  ['an object', 'export default { n: 1 };'],
  ['a function', 'export default () => ({ n: 1 });'],
  ['an async function', 'export default async () => ({ n: 1 });'],
  ['a promise', 'export default Promise.resolve({ n: 1 });'],
  ['what is awaited above', 'const n = await Promise.resolve(1);\nexport default { n };'],
])('a module may export %s', async (_, text) => {
  const root = await project({ 'promptbin.config.mjs': text });
  expect((await loadConfig({ from: root })).config).toEqual({ n: 1 });
});

test('a CommonJS module may export a function', async () => {
  const root = await project({ 'promptbin.config.js': 'module.exports = ({ mode }) => ({ mode });' });
  expect((await loadConfig({ from: root })).config).toEqual({ mode: 'development' });
});

test('a function gets the environment and the mode', async () => {
  const root = await project({ 'promptbin.config.ts': 'export default (given: object) => ({ given });' });
  const env = { A: '1' };
  expect((await loadConfig({ from: root, env, mode: 'production' })).config).toEqual({
    given: { env, mode: 'production' },
  });
  const { config } = await loadConfig({ from: root });
  expect(config).toMatchObject({ given: { env: { PATH: process.env.PATH }, mode: 'development' } });
});

const parts = (n: number) => ({
  'promptbin.config.ts': "import { part } from './parts/part.ts';\nexport default { part };",
  'parts/part.ts': "import { n } from '../n.mjs';\nimport c from './c.cjs';\nexport const part: object = { n, c };",
  'n.mjs': `export const n = ${n};`,
  'parts/c.cjs': "module.exports = require('./d.cjs') + 1;",
  'parts/d.cjs': `module.exports = ${n};`,
});

test('local modules that a config imports are read anew each time, and named', async () => {
  const root = await project(parts(0));
  for (const n of [1, 2, 3]) {
    await write(root, parts(n));
    const { config, files } = await loadConfig({ from: root });
    expect(config).toEqual({ part: { n, c: n + 1 } });
    expect(files.toSorted()).toEqual(
      Object.keys(parts(n))
        .map((name) => join(root, name))
        .toSorted(),
    );
  }
});

test('modules that a CommonJS config requires are read anew each time, and named', async () => {
  const root = await project({ 'promptbin.config.js': "module.exports = { n: require('./a.cjs') };" });
  for (const n of [1, 2, 3]) {
    await write(root, { 'a.cjs': "module.exports = require('./b.json').n;", 'b.json': `{ "n": ${n} }` });
    const { config, files } = await loadConfig({ from: root });
    expect(config).toEqual({ n });
    expect(files).toEqual(['promptbin.config.js', 'a.cjs', 'b.json'].map((name) => join(root, name)));
  }
});

test('what a function imports while it runs is read anew, too', async () => {
  const text = "export default async () => ({ n: (await import('./n.mjs')).n });";
  const root = await project({ 'promptbin.config.mjs': text });
  for (const n of [1, 2]) {
    await write(root, { 'n.mjs': `export const n = ${n};` });
    const { config, files } = await loadConfig({ from: root });
    expect(config).toEqual({ n });
    expect(files).toContain(join(root, 'n.mjs'));
  }
});

test('a module that two others import is one', async () => {
  const root = await project({
    'promptbin.config.mjs':
      "import { a } from './a.mjs';\nimport { b } from './b.mjs';\nexport default { same: a === b };",
    'a.mjs': "export { it as a } from './it.mjs';",
    'b.mjs': "export { it as b } from './it.mjs';",
    'it.mjs': 'export const it = {};',
  });
  expect((await loadConfig({ from: root })).config).toEqual({ same: true });
});

test('what is imported after the load is no part of it', async () => {
  const root = await project({
    'promptbin.config.mjs': "export default { later: () => import('./n.mjs') };",
    'n.mjs': 'export const { url } = import.meta;',
  });
  const { config } = await loadConfig({ from: root });
  const { later } = config as unknown as { later(): Promise<{ url: string }> };
  expect((await later()).url).toBe(`file://${root}/n.mjs`);
});

test('a package is not read anew, and is no local file', async () => {
  const root = await project({
    'promptbin.config.mjs': "import { loads } from 'counted';\nexport default { loads };",
    'node_modules/counted/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/counted/index.js':
      "import './more.js';\nexport const loads = (globalThis.countedLoads ??= []);\nloads.push(1);",
    'node_modules/counted/more.js': '',
  });
  await loadConfig({ from: root });
  const { config, files } = await loadConfig({ from: root });
  expect(config).toEqual({ loads: [1] });
  expect(files).toEqual([join(root, 'promptbin.config.mjs')]);
});

test('loads at the same time do not disturb each other', async () => {
  const slow = (ms: number) => `
import { setTimeout } from 'node:timers/promises';
export default async () => { await setTimeout(${ms}); return (await import('./n.mjs')).default; };
`;
  const roots = await Promise.all(
    [30, 0, 10].map((ms) =>
      project({ 'promptbin.config.mjs': slow(ms), 'n.mjs': `export default { ms: ${ms} };`, 'package.json': '{}' }),
    ),
  );
  const loaded = await Promise.all([...roots, ...roots].map((from) => loadConfig({ from })));
  expect(loaded.map(({ config }) => config)).toEqual([30, 0, 10, 30, 0, 10].map((ms) => ({ ms })));
  for (const { root, files } of loaded) {
    expect(files).toEqual([join(root, 'promptbin.config.mjs'), join(root, 'n.mjs')]);
  }
});

test('official packages are taken from the fallback, others are not', async () => {
  const installed = await project({
    'node_modules/@promptbin/tool/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/@promptbin/tool/index.js': 'export const from = "fallback";',
    'node_modules/other/package.json': '{ "exports": "./index.js" }',
    'node_modules/other/index.js': '',
  });
  const text = (name: string) => `import { from } from '${name}';\nexport default { from };`;
  const root = await project({ 'promptbin.config.mjs': text('@promptbin/tool') });
  for (const fallback of [installed, `file://${installed}/bin.js`]) {
    expect((await loadConfig({ from: root, fallback })).config).toEqual({ from: 'fallback' });
  }
  await write(root, { 'required.cjs': "module.exports = { ...require('@promptbin/tool') };" });
  expect((await loadConfig({ from: root, file: 'required.cjs', fallback: installed })).config).toEqual({
    from: 'fallback',
  });
  await expect(loadConfig({ from: root })).rejects.toMatchObject({ code: 'PB_CONFIG_UNREADABLE' });

  await write(root, {
    'node_modules/@promptbin/tool/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/@promptbin/tool/index.js': 'export const from = "project";',
  });
  expect((await loadConfig({ from: root, fallback: installed })).config).toEqual({ from: 'project' });

  await write(root, { 'promptbin.config.mjs': text('other') });
  await expect(loadConfig({ from: root, fallback: installed })).rejects.toMatchObject({
    message: expect.stringContaining("Cannot find package 'other'."),
  });
});

test.each([
  ['waits above', 'await new Promise(() => {});\nexport default {};'],
  ['is a function that waits', 'export default () => new Promise(() => {});'],
])('a module that %s for ever is given up', async (_, text) => {
  const root = await project({ 'promptbin.config.mjs': text });
  await expect(loadConfig({ from: root, limitMs: 300 })).rejects.toMatchObject({
    code: 'PB_CONFIG_UNREADABLE',
    message: `${join(root, 'promptbin.config.mjs')}: it did not finish loading within 0.3 s.`,
    hint: 'Take out what waits or loops: a config only says what is to run.',
  });
});
