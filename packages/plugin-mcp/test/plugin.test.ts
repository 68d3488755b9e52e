import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createManager, type ProcessBase } from '@promptbin/core';
import { expect, test } from 'vitest';
import { mcp, plugin } from '../src/index.ts';
import { temporaryFolder } from './support/http.ts';

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

/** Runs a script that has `sdk()`, which tells how many modules of the SDK were asked for, and gives what it prints. */
async function runCounting(script: string): Promise<unknown> {
  const counting = `
    import { registerHooks } from 'node:module';
    let count = 0;
    const isSdk = (specifier) => specifier.startsWith('@modelcontextprotocol/');
    registerHooks({ resolve: (specifier, context, next) => (isSdk(specifier) && count++, next(specifier, context)) });
    const sdk = () => count;
    const index = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)});
    const port = { call: async () => ({ ok: false }), commands: async () => [], async *subscribe() {} };`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', counting + script]);
  return JSON.parse(stdout);
}

test('listing it does not load the SDK', async () => {
  const counts = await runCounting(`
    const before = sdk();
    await index.createMcpServer({ version: '1', port });
    console.log(JSON.stringify({ before, loaded: sdk() > 0 }));`);
  expect(counts).toEqual({ before: 0, loaded: true });
});

test('nor does serving it over HTTP, until somebody asks who has the token', async () => {
  const tokenFile = join(await temporaryFolder(), 'token');
  const counts = await runCounting(`
    import { readFileSync } from 'node:fs';
    const tokenFile = ${JSON.stringify(tokenFile)};
    const service = await index.serveHttp({ version: '1', port, tokenFile, http: { port: 0 } });
    const ask = (token) => fetch(service.url, { method: 'POST', headers: { authorization: 'Bearer ' + token } });
    const stranger = (await ask('x'.repeat(43))).status;
    const before = sdk();
    const client = (await ask(readFileSync(tokenFile, 'utf8').trim())).status;
    console.log(JSON.stringify({ stranger, before, client, loaded: sdk() > 0 }));
    await service.close();
    process.exit();`);
  expect(counts).toEqual({ stranger: 401, before: 0, client: 415, loaded: true });
});
