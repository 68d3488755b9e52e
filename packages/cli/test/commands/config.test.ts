import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

/** A module with a plugin that was made without our packages, and knows no zod. */
const handmade = (name: string, setup: string, requires: readonly string[] = []): string => `
  const anything = { safeParseAsync: async (data) => ({ success: true, data }) };
  export const plugin = () => ({
    name: '${name}', api: 1, fields: anything, options: anything, live: false,
    requires: ${JSON.stringify(requires)}, provides: [], setup(ctx) { ${setup} },
  });`;

/** A folder with these files. */
async function folder(files: Readonly<Record<string, string>>): Promise<Project> {
  project = await Project.create({});
  await rm(join(project.root, 'promptbin.config.json'));
  await project.write(files);
  return project;
}

const good = {
  'promptbin.config.ts': `
    import { defineConfig } from '@promptbin/core';
    import { health } from '@promptbin/plugin-health';
    export default defineConfig(({ mode }) => ({
      plugins: [health()],
      processes: { web: { command: 'node server.js', port: 3000, health: { http: '/health' }, env: { MODE: mode } } },
    }));`,
  'promptbin.config.yaml': `
    plugins: ["@promptbin/plugin-health"]
    processes:
      web: { command: node server.js, port: 3000, health: { http: /health }, env: { MODE: development } }`,
  'promptbin.config.json': JSON.stringify({
    plugins: ['@promptbin/plugin-health'],
    processes: {
      web: { command: 'node server.js', port: 3000, health: { http: '/health' }, env: { MODE: 'development' } },
    },
  }),
};

describe('config check', () => {
  test.each(Object.entries(good))('says what is in %s, and leaves nothing', async (name, text) => {
    await folder({ [name]: text });
    const { code, stdout, stderr } = await project.run('config', 'check');
    expect([code, stdout, stderr]).toEqual([0, `✔ ${name}: 1 process, 1 plugin\n`, '']);
    const json = await project.run('config', 'check', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      version: 1,
      ok: true,
      file: join(project.root, name),
      processes: ['web'],
      plugins: ['health'],
      errors: [],
    });
    expect(await readdir(project.root)).toEqual([name]);
  });

  test.each([
    [
      'promptbin.config.ts',
      'export default {\n  processes: {\n    web: { comand: "x", port: "y" },\n  },\n};\n',
      '3:12',
      '3:31',
    ],
    ['promptbin.config.yaml', 'processes:\n  web:\n    comand: x\n    port: y\n', '3:5', '4:11'],
    [
      'promptbin.config.json',
      '{\n  "processes": {\n    "web": { "comand": "x", "port": "y" }\n  }\n}\n',
      '3:14',
      '3:37',
    ],
  ])('tells every mistake in %s with its place', async (name, text, ofKey, ofValue) => {
    await folder({ [name]: text });
    const { code, stdout, stderr } = await project.run('config', 'check');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${join(project.root, name)} has 3 mistakes:\n`);
    expect(stderr).toContain(
      `\n  ${name}:${ofKey}  processes.web has an unknown key "comand". Did you mean "command"?\n`,
    );
    expect(stderr).toContain(`\n  ${name}:${ofValue}  processes.web.port is "y", expected a port`);
    expect(stderr).toMatch(/^ +> \d \| .*comand/m);
    expect(stderr).not.toMatch(/\n {4}at /);

    const json = await project.run('config', 'check', '--json');
    const [line, column] = ofValue.split(':').map(Number);
    const { version, ok, errors } = JSON.parse(json.stdout);
    expect([json.code, version, ok, errors.length]).toEqual([2, 1, false, 3]);
    expect(errors).toContainEqual({
      code: 'PB_CONFIG_INVALID',
      path: 'processes.web.port',
      file: join(project.root, name),
      line,
      column,
      message: 'processes.web.port is "y", expected a port from 0 to 65535, "auto" or an object.',
      value: '"y"',
      frame: expect.stringMatching(/^ *> ?\d \| /m),
    });
  });

  test('names places as seen from where it is called', async () => {
    await folder({ 'promptbin.config.json': '{"processes":{"web":{"command":7}}}', 'sub/x': '' });
    const { stderr } = await project.run('config', 'check', '--project', 'sub');
    expect(stderr).toContain('  promptbin.config.json:1:');
    await project.write({ 'other/promptbin.config.json': '{"processes":{"web":{"command":7}}}' });
    expect((await project.run('config', 'check', '--project', 'other')).stderr).toContain(
      `  ${join('other', 'promptbin.config.json')}:1:`,
    );
  });

  test('takes --set and --mode before the command, too', async () => {
    await folder(good);
    const places = [
      ['--set', 'web.port=0', '--mode', 'x', 'config', 'explain', 'web.port'],
      ['config', '--set=web.port=0', 'explain', '--mode=x', 'web.port'],
      ['--set', 'web.autostart=false', 'config', 'explain', 'web.port', '--set', 'web.port=0'],
    ];
    for (const args of places) {
      const { code, stdout } = await project.run(...args);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/preferred\W+0\b/)]);
    }
    const { stdout } = await project.run('--mode', 'x', 'config', 'explain', 'web.env.MODE');
    expect(stdout).toContain('processes.web.env.MODE = "x"');
  });

  test('a command that reads no config does not lose --set', async () => {
    await folder(good);
    const message = 'error: "ps" takes no --set: it is for commands that read the config\n';
    for (const args of [
      ['--set', 'web.port=0', 'ps'],
      ['ps', '--set', 'web.port=0'],
    ]) {
      const { code, stderr } = await project.run(...args);
      expect([code, stderr]).toEqual([2, message]);
    }
  });

  test('takes --set and --mode, and names the option that is wrong', async () => {
    await folder({ 'promptbin.config.ts': good['promptbin.config.ts'] });
    expect((await project.run('config', 'check', '--set', 'web.port=0', '--set=web.autostart=false')).code).toBe(0);
    const wrong = await project.run('config', 'check', '--set', 'web.port=x', '--set', 'wbe.port=1');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--set wbe.port=1 names neither')]);
    const value = await project.run('config', 'check', '--set', 'web.port=x');
    expect(value.stderr).toContain('--set web.port=x  processes.web.port is "x"');
    const printed = await project.run('config', 'print', '--json', '--mode', 'production');
    expect(JSON.parse(printed.stdout).config.processes.web.env).toEqual({ MODE: 'production' });
  });

  test('finds what only a plugin knows to be missing', async () => {
    await folder({
      'needy.mjs': handmade('needy', '', ['clouds']),
      'promptbin.config.yaml': 'plugins: [./needy.mjs]\nprocesses: { web: { command: x } }\n',
    });
    const { code, stderr } = await project.run('config', 'check');
    expect([code, stderr]).toEqual([2, expect.stringContaining('requires the service "clouds"')]);
  });

  test('ends with configs that never end, and names them', async () => {
    await folder({
      'loops.mjs': 'for (;;);\nexport default {};',
      'hangs.mjs': 'await new Promise(() => {});\nexport default {};',
      'throws.mjs': "const config = {};\nthrow new Error('no luck');\nexport default config;",
      'exits.mjs': 'process.exit(0);\nexport default {};',
      'empty.mjs': '',
      'empty.yaml': '',
      'empty.json': '',
    });
    const expected = {
      'loops.mjs': 'loops.mjs: it did not finish loading within 10 s.',
      'hangs.mjs': 'hangs.mjs: it did not finish loading within 10 s.',
      'throws.mjs': 'throws.mjs:2:7  no luck.',
      'exits.mjs': 'exits.mjs: it ended the process.',
      'empty.mjs': 'empty.mjs: it has no default export.',
      'empty.yaml': 'empty.yaml: it is empty.',
      'empty.json': 'empty.json: it is empty.',
    };
    const runs = Object.entries(expected).map(async ([config, message]) => {
      const { code, stderr } = await project.run('config', 'check', '--config', config);
      expect([config, code, stderr]).toEqual([config, 2, expect.stringContaining(message)]);
      expect(stderr).not.toMatch(/\n {4}at /);
    });
    await Promise.all(runs);
    const json = await project.run('config', 'check', '--json', '--config', 'throws.mjs');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      errors: [{ code: 'PB_CONFIG_UNREADABLE', line: 2, column: 7 }],
    });
  });

  test('without a config it says so', async () => {
    await folder({});
    const { code, stderr } = await project.run('config', 'check');
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no promptbin config in')]);
    const json = await project.run('config', 'check', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, errors: [{ code: 'PB_CONFIG_NOT_FOUND', path: '' }] });
  });
});

const layered = {
  'base.yaml': 'plugins: [./shift.mjs]\nprocesses:\n  web: { command: node server.js, port: 5000 }\n',
  'promptbin.config.json': '{\n  "extends": "./base.yaml",\n  "processes": { "web": { "port": 5001 } }\n}\n',
  'shift.mjs': handmade(
    'shift',
    `ctx.hooks.configure.tap('shift', (config) => {
      const { web } = config.processes;
      const port = { ...web.port, preferred: web.port.preferred + 10 };
      return { ...config, processes: { ...config.processes, web: { ...web, port } } };
    });`,
  ),
};

describe('config explain', () => {
  test('shows every place, --set and the plugin that changed it', async () => {
    await folder(layered);
    const { code, stdout } = await project.run('config', 'explain', 'web.port.preferred', '--set', 'web.port=5002');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^processes\.web\.port\.preferred = 5012\n/);
    expect(stdout.split('\n\n')[1]).toBe(
      [
        '   base.yaml:3:41              processes.web.port = 5000',
        '   promptbin.config.json:3:35  processes.web.port = 5001',
        '   --set                       processes.web.port = 5002',
        '➜  plugin shift                5002 → 5012',
        '',
      ].join('\n'),
    );
  });

  test('gives the same to programs', async () => {
    await folder(layered);
    const { stdout } = await project.run('config', 'explain', 'web.port.preferred', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      path: 'processes.web.port.preferred',
      value: 5011,
      written: [
        { layer: 'base.yaml', file: join(project.root, 'base.yaml'), line: 3, column: 41, value: 5000 },
        { layer: 'promptbin.config.json', line: 3, column: 35, value: 5001 },
      ],
      changes: [{ plugin: 'shift', from: 5001, to: 5011 }],
    });
  });

  test('names the nearest path of one that is nowhere', async () => {
    await folder(layered);
    const { code, stderr } = await project.run('config', 'explain', 'wbe.prot');
    expect([code, stderr]).toEqual([2, 'error: "wbe.prot" is nowhere in this config.\n  Did you mean "web"?\n']);
    const json = await project.run('config', 'explain', 'web.prot', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      error: { code: 'PB_CONFIG_PATH', hint: 'Did you mean "web.port"?' },
    });
  });
});

test('config print shows what holds, as YAML and as JSON', async () => {
  await folder(layered);
  const { code, stdout } = await project.run('config', 'print');
  expect(code).toBe(0);
  expect(stdout).toContain('plugins: [./shift.mjs]\nprocesses:\n  web:\n    command: [node, server.js]\n');
  expect(stdout).toContain('    port:\n      preferred: 5011\n');
  const json = await project.run('config', 'print', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    version: 1,
    config: { processes: { web: { stop: { grace: 5000 } } } },
  });
  // What it prints is a config.
  await project.configure(stdout, 'yaml');
  expect((await project.run('config', 'check')).stdout).toBe('✔ promptbin.config.yaml: 1 process, 1 plugin\n');
});

test('secrets are shown nowhere', async () => {
  await folder({
    '.env': 'DB_PASSWORD=correct-horse\n',
    'promptbin.config.yaml': [
      'envFile: .env',
      'secrets: [MARKED]',
      'env: { API_TOKEN: abcdef123456, MARKED: battery-staple }',
      'shared: { app: { apiKey: some-key-value } }',
      'processes:',
      '  web: { command: node x --db=correct-horse abcdef123456 }',
    ].join('\n'),
  });
  const secrets = /correct-horse|abcdef123456|battery-staple|some-key-value/;
  const paths = ['web.env', 'web.env.DB_PASSWORD', 'env', 'shared', 'web.command', 'web'];
  const commands = [
    ['print'],
    ['print', '--json'],
    ...paths.flatMap((path) => [
      ['explain', path],
      ['explain', path, '--json'],
    ]),
  ];
  for (const command of commands) {
    const { code, stdout, stderr } = await project.run('config', ...command);
    expect([command, code, stderr]).toEqual([command, 0, '']);
    expect(stdout).toContain('[secret]');
    expect(stdout).not.toMatch(secrets);
  }
  const wrong = [
    'env.API_TOKEN=["abcdef123456"]',
    'web.env.MARKED=["battery-staple"]',
    'shared.app.apiKey=some-key-value',
    'web.port=correct-horse',
  ];
  for (const flags of [[], ['--json']]) {
    const { code, stdout, stderr } = await project.run(
      'config',
      'check',
      ...wrong.map((set) => `--set=${set}`),
      ...flags,
    );
    expect(code).toBe(2);
    expect(stdout + stderr).not.toMatch(/abcdef123456|battery-staple|some-key-value/);
  }
});

describe('config schema', () => {
  test('has the fields of the listed plugins', async () => {
    await folder({ 'promptbin.config.yaml': good['promptbin.config.yaml'] });
    const { code, stdout } = await project.run('config', 'schema');
    const schema = JSON.parse(stdout);
    expect([code, schema.$schema]).toEqual([0, 'https://json-schema.org/draft/2020-12/schema']);
    const { properties } = schema.$defs.complete.properties.processes.additionalProperties;
    expect(Object.keys(properties)).toContain('health');
    expect(Object.keys(properties)).not.toContain('restart');
  });

  test('without a config it has the plugins that are there', async () => {
    await folder({});
    const { code, stdout } = await project.run('config', 'schema');
    const { properties } = JSON.parse(stdout).$defs.complete.properties.processes.additionalProperties;
    expect([code, Object.keys(properties)]).toEqual([0, expect.arrayContaining(['health', 'restart', 'fswatch'])]);
  });

  test('a plugin that cannot be had is a mistake, another mistake is none', async () => {
    await folder({ 'promptbin.config.yaml': 'plugins: [nowhere-to-be-found]\nprocesses: { web: { command: 7 } }\n' });
    const { code, stderr } = await project.run('config', 'schema');
    expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere-to-be-found')]);
    await project.configure('processes: { web: { command: 7 } }\n', 'yaml');
    expect((await project.run('config', 'schema')).code).toBe(0);
  });
});

test.each([
  ['config', 'check'],
  ['mcp', 'doctor'],
])('what a config prints does not spoil the JSON of %s %s', async (...command) => {
  await folder({ 'promptbin.config.mjs': 'console.log("hello"); export default { processes: {} };' });
  const { stdout, stderr } = await project.run(...command, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, ok: true });
  expect(stderr).toContain('hello');
});
