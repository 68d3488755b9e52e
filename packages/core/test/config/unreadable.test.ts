import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, project } from './project.ts';

async function faultOf(
  files: Readonly<Record<string, string>>,
): Promise<{ code: string; message: string; hint?: string }> {
  const root = await project(files);
  return loadConfig({ from: root }).then(
    () => expect.fail('The config was accepted.'),
    ({ code, message, hint }) => ({
      code,
      hint: hint?.replaceAll(root, 'ROOT'),
      message: message.replaceAll(`${root}/`, ''),
    }),
  );
}

test.each([
  [
    'a typo in TypeScript',
    'promptbin.config.ts',
    'export default {\n  a: 1,\n  b: : 2,\n};\n',
    ':3:6: Expression expected.',
  ],
  ['an enum', 'promptbin.config.ts', 'enum A { x }\nexport default {};\n', ':1:1: TypeScript enum is not supported'],
  ['a typo in JavaScript', 'promptbin.config.mjs', 'export default {\n  a b\n};\n', ":2:5: Unexpected identifier 'b'."],
  ['a typo in CommonJS', 'promptbin.config.js', 'module.exports = {\n  a b\n};\n', ":2:5: Unexpected identifier 'b'."],
  ['an unknown name', 'promptbin.config.ts', '\nexport default { port: PORT };\n', ':2:24: PORT is not defined.'],
  ['an Error', 'promptbin.config.js', 'throw new Error("no luck today");\n', ':1:7: no luck today.'],
  ['a text', 'promptbin.config.ts', 'throw "no luck today";\n', ': no luck today.'],
  [
    'a missing comma in JSON',
    'promptbin.config.json',
    '{\n  "a": 1\n  "b": 2\n}',
    ':3:3  Expected a comma before this.\n',
  ],
  ['JSON that ends too soon', '.promptbinrc.json', '{"a": [', ':1:8  Expected a comma or "]".\n'],
  ['bad YAML', 'promptbin.config.yaml', 'a: 1\nb: [1, 2\nc: 3\n', ':3:1  Flow sequence in block collection must be'],
  ['a duplicate key in YAML', '.promptbinrc', 'a: 1\nb: 2\na: 3\n', ':3:1  This key is here twice.\n'],
])('%s is told with its place', async (_, name, text, expected) => {
  const fault = await faultOf({ [name]: text });
  expect(fault.code).toBe('PB_CONFIG_UNREADABLE');
  // What a parser of ours has told stands in a list.
  const message = fault.message.replace(`${name} has a mistake:\n  `, '');
  expect(message.startsWith(`${name}${expected}`), fault.message).toBe(true);
});

test('an import of a package that is missing names it', async () => {
  const fault = await faultOf({ 'promptbin.config.ts': "import { x } from 'not-there/sub';\nexport default { x };\n" });
  expect(fault.message).toBe("promptbin.config.ts:1:19: Cannot find package 'not-there'.");
  expect(fault.hint).toBe('Run "npm install -D not-there" in ROOT.');
});

test('a require of a package that is missing names it', async () => {
  const fault = await faultOf({ 'promptbin.config.js': "module.exports = require('@scope/not-there');\n" });
  expect(fault.message).toBe("promptbin.config.js:1:18: Cannot find module '@scope/not-there'.");
  expect(fault.hint).toBe('Run "npm install -D @scope/not-there" in ROOT.');
});

test('an import of a file that is missing names it, and nothing to install', async () => {
  const fault = await faultOf({ 'promptbin.config.ts': "import { x } from './x.ts';\nexport default { x };\n" });
  expect(fault.message).toBe("promptbin.config.ts:1:19: Cannot find module 'x.ts'.");
  expect(fault.hint).toBeUndefined();
});

test('a typo in an imported file is told with the place there', async () => {
  const fault = await faultOf({
    'promptbin.config.ts': "import { x } from './helper.ts';\nexport default { x };\n",
    'helper.ts': 'export const x = ;\n',
  });
  expect(fault.message).toBe('promptbin.config.ts: helper.ts:1:18: Expression expected.');
});

test('a config that reads a missing file is not taken for a missing config', async () => {
  const fault = await faultOf({
    'promptbin.config.ts':
      "import { readFileSync } from 'node:fs';\nreadFileSync('/no/such/file');\nexport default {};\n",
    '.promptbinrc': 'processes: {}',
  });
  expect(fault.message).toContain('promptbin.config.ts:2:1: ENOENT');
});

test('an error of promptbin, such as wrong options of a plugin, keeps its code', async () => {
  const error = join(import.meta.dirname, '../../src/errors/error.ts');
  const fault = await faultOf({
    'promptbin.config.ts': `
import { PromptbinError } from '${error}';
throw new PromptbinError('PB_PLUGIN_OPTIONS', 'Options of plugin mcp: no.', { hint: 'Write none.' });
`,
  });
  expect(fault).toEqual({
    code: 'PB_PLUGIN_OPTIONS',
    message: 'promptbin.config.ts:3:7: Options of plugin mcp: no.',
    hint: 'Write none.',
  });
});

test.each([
  ['promptbin.config.ts', 'export const config = {};\n', 'it has no default export'],
  ['promptbin.config.yaml', '# nothing yet\n', 'it is empty'],
  ['promptbin.config.json', '  \n', 'it is empty'],
])('%s with %j: %s', async (name, text, expected) => {
  const fault = await faultOf({ [name]: text });
  expect(fault).toMatchObject({ code: 'PB_CONFIG_UNREADABLE', message: `${name}: ${expected}.` });
});

test('a TypeScript config in a package without "type" makes Node print no warning', async () => {
  const root = await project({ 'package.json': '{}', 'promptbin.config.ts': 'export default { n: 1 };' });
  const load = join(import.meta.dirname, '../../src/config/load.ts');
  const program = `import { loadConfig } from '${load}'; console.log(JSON.stringify((await loadConfig()).config));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({ stdout: '{"n":1}\n', stderr: '' });
});
