import { spawnSync } from 'node:child_process';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, project, write } from './project.ts';

const processes = { web: { command: 'node server.js' } };
const json = JSON.stringify({ processes });
const yaml = 'processes:\n  web:\n    command: node server.js\n';
const module = `export default ${json};\n`;
const typescript = `const config: object = ${json};\nexport default config;\n`;

test.each([
  ['promptbin.config.ts', typescript],
  ['promptbin.config.mts', typescript],
  ['promptbin.config.js', module],
  ['promptbin.config.mjs', module],
  ['promptbin.config.json', json],
  ['promptbin.config.yaml', yaml],
  ['promptbin.config.yml', yaml],
  ['.promptbinrc', yaml],
  ['.promptbinrc.json', json],
  ['.promptbinrc.yaml', yaml],
  ['.promptbinrc.yml', yaml],
  ['.promptbinrc.js', module],
  ['.promptbinrc.mjs', module],
  ['.promptbinrc.ts', typescript],
  ['package.json', JSON.stringify({ name: 'x', promptbin: { processes } })],
])('finds and reads %s', async (name, text) => {
  const root = await project({ [name]: text });
  const { config, file, files, ...loaded } = await loadConfig({ from: root });
  expect(config).toEqual({ processes });
  expect(loaded.root).toBe(root);
  expect([file, ...files]).toEqual([join(root, name), join(root, name)]);
});

test('a CommonJS config is read by its module.exports', async () => {
  const root = await project({ 'promptbin.config.js': `module.exports = ${json};` });
  expect((await loadConfig({ from: root })).config).toEqual({ processes });
});

test('a package.json without the key is passed by', async () => {
  const root = await project({ 'package.json': '{"name":"x"}', '.promptbinrc': yaml, 'sub/package.json': 'null' });
  expect((await loadConfig({ from: join(root, 'sub') })).file).toBe(join(root, '.promptbinrc'));
});

test('the nearest config upwards wins, and its folder is the root', async () => {
  const root = await project({ 'promptbin.config.json': '{}', 'app/promptbin.config.yaml': yaml });
  const from = join(root, 'app/src/deep');
  await mkdir(from, { recursive: true });
  expect((await loadConfig({ from })).root).toBe(join(root, 'app'));
});

test('the search ends at the root of the repository', async () => {
  const root = await project({ 'promptbin.config.json': json, 'app/.git': 'gitdir: elsewhere', 'app/src/x': '' });
  await expect(loadConfig({ from: join(root, 'app/src') })).rejects.toMatchObject({
    code: 'PB_CONFIG_NOT_FOUND',
    message: `There is no promptbin config in ${join(root, 'app/src')} or in a folder above it, up to ${join(root, 'app')}.`,
    hint: 'Run "promptbin init" to write one, or name a file with --config.',
  });
});

test('without a repository the search passes folders that anyone can write to', async () => {
  const root = await project({ 'promptbin.config.json': json, 'shared/own/x': '' }, { repository: false });
  const shared = join(root, 'shared');
  const from = join(shared, 'own');
  await write(shared, { 'promptbin.config.json': '{"planted": true}' });
  await chmod(shared, 0o1777);
  expect((await loadConfig({ from })).root).toBe(root);
  expect((await loadConfig({ from: shared })).root).toBe(shared);
});

test('`file` may have any name and format, relative to `from`', async () => {
  const root = await project({ 'config/dev.yml': yaml, 'promptbin.config.json': '{}' });
  const loaded = await loadConfig({ from: root, file: 'config/dev.yml' });
  expect(loaded).toMatchObject({
    config: { processes },
    root: join(root, 'config'),
    file: join(root, 'config/dev.yml'),
  });
});

test('a `file` that is not there, or of no known format', async () => {
  const root = await project({ 'dev.toml': 'a = 1', 'package.json': '{}' });
  await expect(loadConfig({ from: root, file: 'no.ts' })).rejects.toMatchObject({
    code: 'PB_CONFIG_NOT_FOUND',
    message: `There is no config file ${join(root, 'no.ts')}.`,
  });
  await expect(loadConfig({ from: root, file: 'dev.toml' })).rejects.toMatchObject({
    code: 'PB_CONFIG_UNREADABLE',
    message: `${join(root, 'dev.toml')}: a config cannot be written in ".toml".`,
  });
  await expect(loadConfig({ from: root, file: 'package.json' })).rejects.toMatchObject({
    code: 'PB_CONFIG_UNREADABLE',
    message: `${join(root, 'package.json')}: it has no key "promptbin".`,
  });
});

test.each([
  ['promptbin.config.ts', (n: number) => `export default { n: ${n} as number };`],
  ['promptbin.config.mjs', (n: number) => `export default { n: ${n} };`],
  ['promptbin.config.js', (n: number) => `module.exports = { n: ${n} };`],
  ['promptbin.config.yaml', (n: number) => `n: ${n}`],
])('a second load of %s sees the new file', async (name, text) => {
  const root = await project({});
  for (const n of [1, 2, 3]) {
    await write(root, { [name]: text(n) });
    expect((await loadConfig({ from: root })).config).toEqual({ n });
  }
});

test('a config that was broken can be loaded once it is mended', async () => {
  const root = await project({ 'promptbin.config.ts': 'export default {' });
  await expect(loadConfig({ from: root })).rejects.toMatchObject({ code: 'PB_CONFIG_UNREADABLE' });
  await write(root, { 'promptbin.config.ts': 'export default { n: 1 };' });
  expect((await loadConfig({ from: root })).config).toEqual({ n: 1 });
});

test('a key "$import" is left to the check of the config', async () => {
  const root = await project({ 'promptbin.config.json': '{"$import": "./other.json"}', 'other.json': '{"a": 1}' });
  expect((await loadConfig({ from: root })).config).toEqual({ $import: './other.json' });
});

test('a correct config in TypeScript loads no parser, no code frames and no schema', async () => {
  const root = await project({ 'promptbin.config.ts': typescript });
  const program = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ resolve: (wanted, context, next) => { loaded.push(wanted); return next(wanted, context); } });
const { loadConfig } = await import('${join(import.meta.dirname, '../../src/config/load.ts')}');
await loadConfig();
console.log(JSON.stringify(loaded.filter((name) => /^[a-z@]/.test(name) && !name.startsWith('node:'))));
`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' });
  const packages: readonly string[] = JSON.parse(child.stdout);
  expect(packages).toContain('cosmiconfig');
  expect(packages.filter((name) => /babel|jsonc-parser|yaml$|zod|leven/.test(name) && name !== 'js-yaml')).toEqual([]);
});

test.each([
  ['promptbin.yml', 'promptbin.yml is not looked for: rename it to promptbin.config.yml, or name it with --config.'],
  [
    'promptbin.config.cjs',
    'promptbin.config.cjs is not looked for: rename it to promptbin.config.js, or name it with --config.',
  ],
  [
    'promptbin.config.toml',
    'promptbin.config.toml is in none of the formats of a config, such as promptbin.config.yaml.',
  ],
  ['promptbin.config.yaml/x', 'promptbin.config.yaml is a folder: a config is a file.'],
])('%s is no config, and the error says why', async (name, hint) => {
  const from = await project({ [name]: yaml });
  await expect(loadConfig({ from })).rejects.toMatchObject({ code: 'PB_CONFIG_NOT_FOUND', hint });
});

test('a config that is a link to nothing is named', async () => {
  const from = await project({});
  await symlink(join(from, 'gone.yaml'), join(from, 'promptbin.config.yaml'));
  const hint = 'promptbin.config.yaml is a link to a file that does not exist.';
  await expect(loadConfig({ from })).rejects.toMatchObject({ code: 'PB_CONFIG_NOT_FOUND', hint });
});

test('the search does not begin in a folder that does not exist', async () => {
  const root = await project({ 'promptbin.config.json': json });
  const message = `There is no folder ${join(root, 'ap')}.`;
  await expect(loadConfig({ from: join(root, 'ap') })).rejects.toMatchObject({ code: 'PB_CONFIG_NOT_FOUND', message });
});

test('a folder is no config file', async () => {
  const root = await project({ 'promptbin.config.json': json });
  const message = `${root} is a folder, not a config file.`;
  await expect(loadConfig({ from: root, file: '.' })).rejects.toMatchObject({ code: 'PB_CONFIG_NOT_FOUND', message });
});

test('a broken package.json does not hide a config, and is told where there is none', async () => {
  // cosmiconfig looks at the one of the working directory.
  const script = `
    import { loadConfig } from ${JSON.stringify(join(import.meta.dirname, '../../src/config/load.ts'))};
    console.log(await loadConfig().then(({ file }) => file, ({ message }) => message));`;
  const said = (cwd: string): string =>
    spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd, encoding: 'utf8' }).stdout;
  const broken = '{ "name":, }';
  const root = await project({ 'a/package.json': broken, 'a/promptbin.config.json': json, 'b/package.json': broken });
  expect(said(join(root, 'a'))).toBe(`${join(root, 'a/promptbin.config.json')}\n`);
  expect(said(join(root, 'b'))).toContain('package.json:1:10  Expected a value.');
});
