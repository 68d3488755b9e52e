import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolSpecs } from '@promptbin/core';
import { expect, test } from 'vitest';
import { admits, unite } from '../src/choice.ts';
import { connect, eras } from './support/connect.ts';

const protectedServer = fileURLToPath(new URL('./fixtures/protected-server.ts', import.meta.url));

async function toolsWith(era: (typeof eras)[number], options: object): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  await using connection = await connect(era, [protectedServer, root, JSON.stringify(options)]);
  const { tools } = await connection.client.listTools();
  const refused = await connection.client
    .callTool({ name: 'reload_config', arguments: {} })
    .then(() => false)
    .catch(() => true);
  expect(refused).toBe(!tools.some(({ name }) => name === 'reload_config'));
  await rm(root, { recursive: true, force: true });
  return tools.map(({ name }) => name);
}

test.for(eras)('a config chooses which tools there are, and no others can be called, in the %s era', async (era) => {
  const named = (chosen: typeof toolSpecs): unknown[] => chosen.map(({ tool }) => tool);
  expect(await toolsWith(era, {})).toEqual(named(toolSpecs.filter(({ toolset }) => toolset === undefined)));
  expect(await toolsWith(era, { toolsets: ['admin'] })).toEqual(
    named(toolSpecs.filter(({ toolset }) => toolset === undefined || toolset === 'admin')),
  );
  expect(await toolsWith(era, { toolsets: ['admin'], readonly: true })).toEqual(
    named(toolSpecs.filter(({ effect }) => effect === 'read')),
  );
});

test('what a config and a command line say are both heeded', () => {
  const choice = unite({ toolsets: ['admin'], readonly: false }, { toolsets: ['input', 'admin'], readonly: true });
  expect(choice).toEqual({ toolsets: ['admin', 'input'], readonly: true });
  expect(admits(choice, { toolset: 'input', effect: 'read' })).toBe(true);
  expect(admits(choice, { toolset: 'input', effect: 'write' })).toBe(false);
  expect(admits(choice, { toolset: 'metrics', effect: 'read' })).toBe(false);
});

test('a set that nobody has is told on stderr, for it is a mistake in writing', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  const args = [protectedServer, root, JSON.stringify({ toolsets: ['admin', 'adminn'] })];
  const server = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const clientInfo = { name: 'test', version: '1' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
  const [said] = (await once(server.stderr.setEncoding('utf8'), 'data')) as [string];
  expect(said).toBe('promptbin mcp: there are no tools of the set "adminn"\n');
  server.stdin.end();
  await once(server, 'exit');
  await rm(root, { recursive: true, force: true });
});
