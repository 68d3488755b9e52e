import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigExplanation } from '../../src/config/explain.ts';
import type * as inspect from '../../src/manager/inspect.ts';
import { loadConfig, project } from '../config/project.ts';

// What imports files of users must run under Node's own loader.
const { inspectConfig } = createRequire(import.meta.url)('../../src/manager/inspect.ts') as typeof inspect;
const core = new URL('../../src/index.ts', import.meta.url).href;
const zod = new URL('../../node_modules/zod/index.js', import.meta.url).href;

/** A module with the factory of a plugin, whose setup is `setup`. */
const pluginModule = (name: string, setup: string): string => `
  import { definePlugin } from ${JSON.stringify(core)};
  import * as z from ${JSON.stringify(zod)};
  import { appendFileSync } from 'node:fs';
  const fields = z.object({ size: z.number().default(3).describe('How big.'), note: z.string().optional() });
  const options = z.unknown();
  export const plugin = definePlugin({ name: '${name}', options, fields, setup(ctx) { ${setup} } });
`;
const withPort = (plugin: string, port: number): string =>
  pluginModule(
    plugin,
    `ctx.hooks.configure.tap('x', (config) => {
      const { web } = config.processes;
      return { ...config, processes: { ...config.processes, web: { ...web, port: { ...web.port, preferred: ${port} } } } };
    });`,
  );

async function inspected(files: Readonly<Record<string, string>>, set: readonly string[] = []) {
  const root = await project(files);
  const inspection = await inspectConfig(await loadConfig({ from: root, set }));
  const explain = async (path: string): Promise<ConfigExplanation> => inspection.explain(path);
  return { root, inspection, explain };
}

const places = ({ written }: ConfigExplanation): readonly string[] =>
  written.map(({ layer, line, column, value }) =>
    [layer, line, column, JSON.stringify(value)].filter(Boolean).join(':'),
  );

const layered = {
  'base.yaml': 'processes:\n  web:\n    command: node server.js\n    port: 5000\n    stop: { grace: 2s }\n',
  'promptbin.config.json': '{\n  "extends": "./base.yaml",\n  "processes": { "web": { "port": 5001 } }\n}\n',
};

describe('explain', () => {
  test('names every place that says something, the weakest first', async () => {
    const { root, explain } = await inspected(layered, ['web.port=5002']);
    const explained = await explain('web.port');
    expect(explained).toMatchObject({ path: 'processes.web.port', value: { preferred: 5002 }, changes: [] });
    expect(places(explained)).toEqual(['base.yaml:4:11:5000', 'promptbin.config.json:3:35:5001', '--set:5002']);
    expect(explained.written[0]?.file).toBe(join(root, 'base.yaml'));
    expect(explained).not.toHaveProperty('default');
    expect(explained.description).toMatch(/port/);
  });

  test('of a part that is written in short it names the whole', async () => {
    const { explain } = await inspected(layered);
    const explained = await explain('processes.web.port.preferred');
    expect(explained.value).toBe(5001);
    expect(explained.written.at(-1)).toMatchObject({ path: 'processes.web.port', value: 5001, line: 3 });
  });

  test('has the default of what nobody wrote', async () => {
    const { explain } = await inspected(layered);
    expect(await explain('web.stop.signal')).toMatchObject({ value: 'SIGTERM', default: 'SIGTERM', written: [] });
    expect(await explain('web.autostart')).toMatchObject({ value: true, default: true });
    expect(await explain('web.stop.grace')).toMatchObject({ value: 2000, written: [{ layer: 'base.yaml' }] });
    expect(await explain('web.ready.log')).not.toHaveProperty('value');
  });

  test('names the plugin that changed a value, each in its turn', async () => {
    const { explain } = await inspected({
      'first.mjs': withPort('first', 6000),
      'second.mjs': withPort('second', 6001),
      'idle.mjs': pluginModule('idle', "ctx.hooks.configure.tap('x', (config) => ({ ...config }));"),
      'promptbin.config.yaml':
        'plugins: [./first.mjs, ./idle.mjs, ./second.mjs]\nprocesses: { web: { command: x, port: 5000 } }\n',
    });
    const explained = await explain('web.port.preferred');
    expect(explained.value).toBe(6001);
    expect(explained.changes).toEqual([
      { plugin: 'first', from: 5000, to: 6000 },
      { plugin: 'second', from: 6000, to: 6001 },
    ]);
    expect((await explain('web.command')).changes).toEqual([]);
  });

  test('of a plugin it tells its fields and options, with their defaults', async () => {
    const { inspection, explain } = await inspected({
      'some.mjs': pluginModule('some', ''),
      'promptbin.config.yaml':
        'plugins: [[./some.mjs, { list: [1, 2] }]]\nprocesses: { web: { command: x, some: { note: y } } }\n',
    });
    expect(await explain('web.some.size')).toMatchObject({
      value: 3,
      default: 3,
      description: expect.stringContaining('How big.'),
    });
    expect(await explain('web.some.note')).toMatchObject({ value: 'y', written: [{ line: 2 }] });
    expect(await explain('plugins[0][1].list.1')).toMatchObject({ value: 2, path: 'plugins[0][1].list[1]' });
    expect(inspection.config).toMatchObject({ plugins: [['./some.mjs', { list: [1, 2] }]] });
  });

  test('a variable comes from env files, the config and the process', async () => {
    const { explain } = await inspected({
      'all.env': 'LEVEL=1\n',
      'own.env': '# of the process\n\nexport LEVEL="3" # last\nOTHER=1\n',
      'promptbin.config.yaml': [
        'env: { LEVEL: 2 }',
        'envFile: all.env',
        'processes:',
        '  web: { command: x, envFile: [own.env], env: { LEVEL: 4, GONE: null } }',
      ].join('\n'),
    });
    const explained = await explain('web.env.LEVEL');
    expect(explained.value).toBe('4');
    expect(places(explained)).toEqual([
      'all.env:1:"1"',
      'promptbin.config.yaml:1:15:2',
      'own.env:3:"3"',
      'promptbin.config.yaml:4:56:4',
    ]);
    expect(await explain('web.env.GONE')).toMatchObject({ value: null });
    expect(places(await explain('env.LEVEL'))).toEqual(['promptbin.config.yaml:1:15:2']);
  });

  test('what a process takes from shared stands there', async () => {
    const { explain } = await inspected({
      'promptbin.config.yaml': [
        'shared: { app: { port: 5005, host: 0.0.0.0 }, mcp: { shutdown_timeout: 4 } }',
        'processes: { web: { command: x, shared: app } }',
      ].join('\n'),
    });
    expect(await explain('web.port')).toMatchObject({
      value: { preferred: 5005, host: '0.0.0.0' },
      written: [{ path: 'shared.app.port', value: 5005, line: 1 }],
    });
    expect(await explain('web.stop.grace')).toMatchObject({
      value: 4000,
      written: [{ path: 'shared.mcp.shutdown_timeout' }],
    });
  });

  test.each([
    ['web.prot', 'Did you mean "web.port"?'],
    ['wbe.port', 'Did you mean "web.port"?'],
    ['processes.web.stop.grase', 'Did you mean "processes.web.stop.grace"?'],
    ['proceses', 'Did you mean "processes"?'],
    ['nothing.at.all', 'Known processes: web.'],
    ['web.env.X', undefined],
    ['web.command[7]', 'Known keys of processes.web.command: 0, 1.'],
  ])('%s is nowhere: %s', async (path, hint) => {
    const { explain } = await inspected(layered);
    await expect(explain(path)).rejects.toMatchObject({
      code: 'PB_CONFIG_PATH',
      message: `"${path}" is nowhere in this config.`,
      ...(hint !== undefined && { hint }),
    });
  });

  test.each(['', '.', 'web..port', 'web.port='])('%j is no path', async (path) => {
    const { explain } = await inspected(layered);
    await expect(explain(path)).rejects.toMatchObject({
      code: 'PB_CONFIG_PATH',
      message: expect.stringContaining('is no path'),
    });
  });
});

describe('secrets', () => {
  const files = {
    '.env': 'DB_PASSWORD=correct-horse\n',
    'some.mjs': pluginModule('some', ''),
    'promptbin.config.yaml': [
      'secrets: [MARKED_*]',
      'envFile: .env',
      'env: { API_TOKEN: abcdef123456, MARKED_ONE: battery-staple }',
      'plugins: [[./some.mjs, { apiKey: some-key-value }]]',
      'shared: { app: { password: shared-password } }',
      'processes: { web: { command: node x --db correct-horse --staple=battery-staple } }',
    ].join('\n'),
  };
  const secrets = /correct-horse|abcdef123456|battery-staple|some-key-value|shared-password/;

  test('are not in the effective config', async () => {
    const { inspection } = await inspected(files);
    expect(JSON.stringify(inspection.config)).not.toMatch(secrets);
    expect(inspection.config).toMatchObject({
      plugins: [['./some.mjs', { apiKey: '[secret]' }]],
      shared: { app: { password: '[secret]' } },
      processes: {
        web: {
          command: ['node', 'x', '--db', '[secret]', '--staple=[secret]'],
          env: { DB_PASSWORD: '[secret]', API_TOKEN: '[secret]', MARKED_ONE: '[secret]' },
        },
      },
    });
  });

  test.each([
    'web',
    'web.env',
    'web.env.DB_PASSWORD',
    'env',
    'web.command',
    'plugins',
    'shared',
    'shared.app.password',
    'processes',
  ])('are not in the explanation of %s', async (path) => {
    const { explain } = await inspected(files);
    const text = JSON.stringify(await explain(path));
    expect(text).toContain('[secret]');
    expect(text).not.toMatch(secrets);
  });
});

test('plugins are set up and disposed of, and nothing is left behind', async () => {
  const note = (what: string): string => `appendFileSync(ctx.root + '/notes', '${what} ');`;
  const { root, inspection } = await inspected({
    'some.mjs': pluginModule(
      'some',
      `${note('setup')} ctx.onDispose(() => { ${note('disposed')} });
       ctx.hooks.event.tap('x', (event) => { ${note('event')} });
       ctx.clock.after(10, () => { ${note('timer')} });
       for (const view of ctx.processes()) ctx.request('start', view, { code: 'requested', message: 'x', evidence: [] });`,
    ),
    'promptbin.config.yaml': 'plugins: [./some.mjs]\nprocesses: { web: { command: touch started } }\n',
  });
  expect([inspection.processes, inspection.plugins]).toEqual([['web'], ['some']]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await readdir(root)).sort()).toEqual(['.git', 'notes', 'promptbin.config.yaml', 'some.mjs']);
  expect(await readFile(join(root, 'notes'), 'utf8')).toBe('setup disposed ');
});

test('what a plugin fails with is told, without secrets', async () => {
  const root = await project({
    'some.mjs': pluginModule(
      'some',
      "ctx.hooks.configure.tap('x', () => { throw new Error('no luck with abcdef123456'); });",
    ),
    'promptbin.config.yaml':
      'plugins: [./some.mjs]\nprocesses: { web: { command: x, env: { API_TOKEN: abcdef123456 } } }\n',
  });
  await expect(loadConfig({ from: root }).then(inspectConfig)).rejects.toMatchObject({
    code: 'PB_CONFIGURE_FAILED',
    message: expect.stringContaining('no luck with [secret]'),
  });
});
