import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectConfig, type JsonSchema, loadConfig, PromptbinError } from '@promptbin/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test } from 'vitest';
import { schemaFile } from '../checks/schema-file.ts';

const repository = join(import.meta.dirname, '..', '..');
const schema = JSON.parse(readFileSync(join(repository, schemaFile), 'utf8')) as JsonSchema;
const ajv = new Ajv2020({ strict: true, strictTuples: false, strictRequired: false, allowUnionTypes: true });
const fits = ajv.compile(schema);

/** What promptbin says of a config: its mistakes, or nothing when it is taken. */
async function judge(config: unknown): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(repository, 'node_modules', '@promptbin'), join(folder, 'node_modules', '@promptbin'));
  writeFileSync(join(folder, 'promptbin.config.json'), JSON.stringify(config));
  const web = { command: 'x', port: 1, stop: { grace: 1 }, health: { http: '/' } };
  const base = { plugins: ['@promptbin/plugin-health'], processes: { web } };
  writeFileSync(join(folder, 'base.json'), JSON.stringify(base));
  for (const file of ['.env', 'web.env']) writeFileSync(join(folder, file), '');
  return loadConfig({ from: folder })
    .then(inspectConfig)
    .then(
      () => '',
      (fault: unknown) => {
        if (!PromptbinError.is(fault) || fault.code !== 'PB_CONFIG_INVALID') throw fault;
        return fault.message;
      },
    );
}

const plugins = ['health', 'restart', 'fswatch', 'mcp'].map((name) => `@promptbin/plugin-${name}`);
const one = (process: object) => ({ plugins, processes: { web: { command: 'x', ...process } } });
const extending = (process: unknown) => ({ extends: './base.json', processes: { web: process } });

test.each([
  { processes: {} },
  { $schema: './schema.json', plugins: [], processes: {} },
  { plugins: [['@promptbin/plugin-health', { sample: { period: '1s' } }], ['@promptbin/plugin-mcp']], processes: {} },
  { plugins: [['@promptbin/plugin-restart', { policy: 'always', backoff: { max: '1m' } }]], processes: {} },
  { env: { A: 'b', C: 1, D: true, E: null }, envFile: '.env', secrets: ['A', '!B_*'], processes: {} },
  { envFile: ['.env', 'web.env'], processes: {} },
  { shared: { flask: { port: 5000 }, mcp: { health_check_interval: 0.5 }, mine: [1, { a: null }] }, processes: {} },
  one({ command: 'node server.js --port {port}' }),
  one({ command: ['node', 'server.js'] }),
  one({ command: 'a && b', shell: true, cwd: 'web', kind: 'job', autostart: false }),
  one({ env: { A: null }, envFile: 'web.env' }),
  one({ port: 5000 }),
  one({ port: 'auto' }),
  one({ port: { preferred: 5000, strict: true, host: '0.0.0.0', env: ['P'] } }),
  { processes: { web: { command: 'x', dependsOn: ['db'] }, db: { command: 'x' } } },
  { processes: { web: { command: 'x', dependsOn: { db: 'completed' } }, db: { command: 'x', kind: 'job' } } },
  one({ ready: { timeout: '1.5m', log: 'Listening' }, stop: { signal: 'SIGINT', grace: 500 } }),
  one({ logs: { maxSize: '10mb', maxFiles: 0, ring: 1024 } }),
  one({ port: 1, health: '/health' }),
  one({ port: 1, health: { http: { path: '/', status: [200], json: { ok: true, list: [1, { a: null }] } } } }),
  one({ port: 1, health: { http: '/', readiness: { period: '1s' }, startup: { failureThreshold: 3 } } }),
  one({ restart: 'never' }),
  one({ restart: { policy: 'always', backoff: { initial: '1s', jitter: 'none' }, successCodes: [0, 130] } }),
  one({ fswatch: true }),
  one({ fswatch: 'web' }),
  one({ fswatch: ['web', 'lib'] }),
  one({ fswatch: { include: ['**/*.py'], debounce: '1s', action: 'notify' } }),
  { extends: './base.json' },
  { extends: ['./base.json'], processes: { web: null } },
  extending({ port: null, health: null }),
  extending({ health: { period: '5s' }, stop: null, env: { A: null } }),
  extending({ health: { http: null, liveness: { http: '/live' } }, command: ['y'] }),
])('%j fits, and is taken', async (config) => {
  expect(fits(config), ajv.errorsText(fits.errors)).toBe(true);
  expect(await judge(config)).toBe('');
});

test.each([
  {},
  { processes: [] },
  { procesess: {}, processes: {} },
  { processes: { 'my app': { command: 'x' } } },
  { processes: { promptbin: { command: 'x' } } },
  { processes: { web: 'npm start' } },
  { processes: { web: { port: 5000 } } },
  { processes: { web: null } },
  { plugins: {}, processes: {} },
  { plugins: [5], processes: {} },
  { plugins: [['@promptbin/plugin-health', { sampel: false }]], processes: {} },
  { plugins: [['@promptbin/plugin-restart', { policy: 'sometimes' }]], processes: {} },
  { plugins: [['@promptbin/plugin-mcp', {}, {}]], processes: {} },
  { env: [], processes: {} },
  { env: { A: {} }, processes: {} },
  { env: { 'A=B': 'c' }, processes: {} },
  { secrets: 'TOKEN', processes: {} },
  { shared: { flask: { prot: 1 } }, processes: {} },
  { shared: { runtime: {} }, processes: {} },
  one({ command: '' }),
  one({ command: [] }),
  one({ command: ['a', 1] }),
  one({ prot: 5000 }),
  one({ port: '5000' }),
  one({ port: 65_536 }),
  one({ port: null }),
  one({ port: { prefered: 1 } }),
  one({ kind: 'task' }),
  one({ dependsOn: 'db' }),
  one({ dependsOn: { web: 'healthy' } }),
  one({ ready: { timeout: '5 minutes' } }),
  one({ ready: { timeout: '5d' } }),
  one({ ready: { timeout: -5 } }),
  one({ ready: { log: 5 } }),
  one({ stop: { signal: 'TERM' } }),
  one({ stop: { grce: '5s' } }),
  one({ logs: { maxSize: '10 MiB' } }),
  one({ logs: { maxSize: '1.5b' } }),
  one({ logs: { maxFiles: 1.5 } }),
  one({ port: 1, health: 'health' }),
  one({ port: 1, health: { htp: '/' } }),
  one({ port: 1, health: { http: { status: [200] } } }),
  one({ port: 1, health: { http: '/', period: '5 min' } }),
  one({ restart: 'allways' }),
  one({ restart: { maxRestarts: -1 } }),
  one({ fswatch: false }),
  one({ fswatch: { paths: [''] } }),
  one({ fswatch: { action: 'run' } }),
  one({ fswatch: [{ paths: ['web'] }, { pathes: ['data'] }] }),
  one({ mcp: {} }),
  extending({ prot: 1 }),
  extending({ port: '1' }),
  extending({ stop: { grace: '5 seconds' } }),
  extending({ command: ['a', null] }),
])('%j does not fit, and is not taken', async (config) => {
  expect(fits(config)).toBe(false);
  expect(await judge(config)).not.toBe('');
});

test('every key has a description', () => {
  const mute: string[] = [];
  const visit = (node: JsonSchema, path: string): void => {
    for (const [key, value] of Object.entries(node.properties ?? {})) {
      const inner = value as JsonSchema;
      if (inner.description === undefined && inner.not === undefined) mute.push(`${path}.${key}`);
      visit(inner, `${path}.${key}`);
    }
    for (const branch of [...(node.anyOf ?? []), ...(node.prefixItems ?? []), node.items, node.additionalProperties]) {
      if (typeof branch === 'object' && !Array.isArray(branch)) visit(branch, path);
    }
  };
  for (const name of ['complete', 'extending']) visit(schema.$defs?.[name] as JsonSchema, name);
  expect(mute).toEqual([]);
});

test('nothing in it is left to code', () => {
  expect(JSON.stringify(schema)).not.toContain('$comment');
});

test.each(globSync('examples/*/promptbin.config.{json,yaml}', { cwd: repository }))('%s fits', async (file) => {
  const { source } = await loadConfig({ file: join(repository, file) });
  for (const { value } of source.layers) expect(fits(value), ajv.errorsText(fits.errors)).toBe(true);
});
