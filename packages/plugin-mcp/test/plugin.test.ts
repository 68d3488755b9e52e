import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createManager, type ProcessBase } from '@promptbin/core';
import { expect, test } from 'vitest';
import { mcp, plugin } from '../src/index.ts';

test('it is a plugin named mcp, with and without its short name', () => {
  expect(plugin).toBe(mcp);
  expect(mcp()).toMatchObject({ name: 'mcp', api: 1, requires: [], provides: [] });
});

test('it tells the processes that agents manage them, and the bridge which tools they get', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  const printing: ProcessBase = { command: [process.execPath, '-p', 'process.env.PROMPTBIN_MODE'], kind: 'job' };
  const config = { plugins: [mcp({ toolsets: ['admin'] })], processes: { job: printing } };
  await using manager = await createManager(config, { root, log: false });
  const job = manager.process('job');
  await job.start();
  expect(job.logs().lines.map(({ text }) => text)).toEqual(['mcp-managed']);
  const answer = await manager.call('mcp.settings', {}, { caller: 'test' });
  expect(answer).toEqual({ ok: true, value: { toolsets: ['admin'], readonly: false } });
});

test('its options are checked, and there is nothing to set for a process', () => {
  const { fields, options } = mcp();
  const usual = { toolsets: [], readonly: false };
  expect(options.parse(undefined)).toEqual(usual);
  expect(options.parse({ http: true })).toEqual({ ...usual, http: { host: '127.0.0.1', port: 7333 } });
  expect(options.parse({ http: { host: '::1' } })).toEqual({ ...usual, http: { host: '::1', port: 7333 } });
  expect(options.parse({ http: false })).toEqual(usual);
  for (const wrong of [{ tools: [] }, { toolsets: 'admin' }, { toolsets: [''] }, { readonly: 'yes' }]) {
    expect(options.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  }
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
