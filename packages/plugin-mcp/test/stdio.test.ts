import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { serverFile } from './support/connect.ts';

const started: ChildProcessWithoutNullStreams[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

function start(): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [serverFile]);
  started.push(child);
  return child;
}

const request = (id: number, method: string, params: object = {}): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
const initialize = request(1, 'initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
});
const callTool = (id: number, name: string, args: object): string =>
  request(id, 'tools/call', { name, arguments: args });

async function next(lines: AsyncIterator<string>): Promise<{ id?: number; result?: Record<string, unknown> }> {
  const { value } = await lines.next();
  return JSON.parse(value);
}

test('every line on stdout is of the protocol, whatever is printed with console', async () => {
  const child = start();
  const stderr = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin.write(initialize);
  expect(await next(lines)).toMatchObject({ id: 1, result: { protocolVersion: '2025-06-18' } });
  child.stdin.write(callTool(2, 'restart_process', { name: 'web', reason: 'print' }));
  expect(await next(lines)).toMatchObject({ id: 2, result: { structuredContent: { name: 'web' } } });
  child.stdin.end();
  expect((await lines.next()).done).toBe(true);
  expect((await stderr).match(/stray/g)).toHaveLength(3);
});

test('garbage on stdin is passed over', async () => {
  const child = start();
  const stderr = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin.write(`GET / HTTP/1.1\r\n\r\n{"half": \n[]\n{"jsonrpc":"1.0"}\n\u0000\u0001\n${initialize}`);
  expect(await next(lines)).toMatchObject({ id: 1 });
  child.stdin.write(`nonsense\n${request(2, 'tools/list')}`);
  expect(await next(lines)).toMatchObject({ id: 2, result: { tools: expect.any(Array) } });
  child.stdin.end();
  expect(await stderr).toContain('promptbin mcp: ');
});

test('a probe for the modern era does not stand in the way of an old handshake', async () => {
  const child = start();
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  child.stdin.write(request(1, 'server/discover', { _meta: meta }));
  expect(await next(lines)).toMatchObject({
    id: 1,
    result: { supportedVersions: expect.arrayContaining(['2026-07-28']) },
  });
  child.stdin.write(initialize);
  expect(await next(lines)).toMatchObject({ id: 1, result: { protocolVersion: '2025-06-18' } });
  child.stdin.write(callTool(2, 'list_processes', {}));
  expect(await next(lines)).toMatchObject({ id: 2, result: { structuredContent: { summary: '1 of 3 ready' } } });
});

test.each([
  ['before it has said anything', ''],
  ['after the handshake', initialize],
])('it ends by itself when the client goes %s', async (_, said) => {
  const child = start();
  const stderr = text(child.stderr);
  child.stdout.resume();
  child.stdin.end(said);
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(await stderr).toBe('closed\n');
});

test('a client that closes only its reading end is no crash', async () => {
  const child = start();
  const stderr = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin.write(initialize);
  await next(lines);
  child.stdout.destroy();
  child.stdin.on('error', () => {});
  child.stdin.write(request(2, 'tools/list'));
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(await stderr).toBe('closed\n');
});
