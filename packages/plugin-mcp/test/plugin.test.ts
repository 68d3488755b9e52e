import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Env, PluginContext } from '@promptbin/core';
import { expect, test } from 'vitest';
import { mcp, plugin } from '../src/index.ts';

test('it is a plugin named mcp, with and without its short name', () => {
  expect(plugin).toBe(mcp);
  expect(mcp()).toMatchObject({ name: 'mcp', api: 1, requires: [], provides: [] });
});

test('it tells the processes that agents manage them', async () => {
  const taps: ((env: Env) => Env)[] = [];
  const hooks = { env: { tap: (_: string, fn: (env: Env) => Env) => taps.push(fn) } };
  await mcp().setup({ hooks, options: {} } as unknown as PluginContext<unknown, unknown, never>);
  expect(taps.map((tap) => tap({ PATH: '/bin', PROMPTBIN_MODE: 'managed' }))).toEqual([
    { PATH: '/bin', PROMPTBIN_MODE: 'mcp-managed' },
  ]);
});

test('it serves HTTP when told to, and there is nothing to set for a process', () => {
  const { fields, options } = mcp();
  expect(options.parse(undefined)).toEqual({});
  expect(options.parse({ http: true })).toEqual({ http: { host: '127.0.0.1', port: 7333 } });
  expect(options.parse({ http: { host: '::1' } })).toEqual({ http: { host: '::1', port: 7333 } });
  expect(options.parse({ http: false })).toEqual({});
  expect(options.safeParse({ tools: [] }).success).toBe(false);
  expect(fields.safeParse(undefined).success).toBe(true);
  expect(fields.safeParse({}).error?.issues[0]?.message).toContain('remove this key');
});

test('listing it does not load the SDK', async () => {
  const index = new URL('../src/index.ts', import.meta.url).href;
  const script = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ resolve: (specifier, context, next) => (seen.push(specifier), next(specifier, context)) });
    const { createMcpServer } = await import(${JSON.stringify(index)});
    const before = seen.filter((specifier) => specifier.startsWith('@modelcontextprotocol/')).length;
    await createMcpServer({ version: '1', port: { call: async () => ({ ok: false }) } });
    const after = seen.filter((specifier) => specifier.startsWith('@modelcontextprotocol/')).length;
    console.log(JSON.stringify({ before, loaded: after > 0 }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(JSON.parse(stdout)).toEqual({ before: 0, loaded: true });
});
