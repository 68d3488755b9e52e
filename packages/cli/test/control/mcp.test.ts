import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareProject } from '../../src/control/project.ts';
import { serveControl } from '../../src/control/server.ts';
import { socketPath } from '../../src/control/socket-path.ts';
import { ScriptedSource } from './scripted-source.ts';

let root: string;
let source: ScriptedSource;
let joined: string[];
let server: AsyncDisposable;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  await prepareProject(root);
  source = new ScriptedSource();
  joined = [];
  server = await serveControl({
    socket: socketPath(root),
    source,
    join(client) {
      joined.push(`+${client}`);
      return { [Symbol.dispose]: () => void joined.push(`-${client}`) };
    },
  });
});

afterEach(async () => {
  source.end();
  await server[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly session: string | undefined;
  readonly body: string;
}

async function ask(method: string, message: object | undefined, headers: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { socketPath: socketPath(root), path: '/mcp', method, agent: false };
  request(
    {
      ...options,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    },
    async (response) =>
      resolve({
        status: response.statusCode,
        session: response.headers['mcp-session-id']?.toString(),
        body: await text(response),
      }),
  )
    .on('error', reject)
    .end(message && JSON.stringify({ jsonrpc: '2.0', ...message }));
  return promise;
}

const clientInfo = { name: 'agent', version: '1' };
const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
};
const params = { name: 'list_processes', arguments: {} };

test('the socket speaks MCP in sessions, which count as clients while they last', async () => {
  source.handlers['process.list'] = async (_, { caller }) => ({ ok: true, value: { summary: caller, processes: [] } });
  const { session = '' } = await ask('POST', initialize);
  expect(joined).toEqual(['+mcp']);
  const headers = { 'mcp-session-id': session };
  const { body } = await ask('POST', { id: 2, method: 'tools/call', params }, headers);
  expect(body).toContain('"summary":"mcp:agent/1"');
  expect((await ask('DELETE', undefined, headers)).status).toBe(200);
  expect(joined).toEqual(['+mcp', '-mcp']);
});

test('it speaks the revision without sessions, too', async () => {
  source.handlers['process.list'] = async (_, { caller }) => ({ ok: true, value: { summary: caller, processes: [] } });
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'list_processes',
  };
  const { status, body } = await ask('POST', { id: 2, method: 'tools/call', params: { ...params, _meta } }, headers);
  expect(status).toBe(200);
  expect(body).toContain('"summary":"mcp:agent/1"');
  expect(joined).toEqual(['+mcp']);
  await server[Symbol.asyncDispose]();
  expect(joined).toEqual(['+mcp', '-mcp']);
});

test.each([
  ['a web page', { origin: 'http://localhost' }],
  ['another host', { host: 'attacker.example' }],
])('%s gets 403', async (_, headers) => {
  expect((await ask('POST', initialize, headers)).status).toBe(403);
  expect(joined).toEqual([]);
});

test('a session that is open does not keep the server from ending', async () => {
  const { session = '' } = await ask('POST', initialize);
  const stream = ask('GET', undefined, { 'mcp-session-id': session });
  await ask('POST', { method: 'notifications/initialized' }, { 'mcp-session-id': session });
  await server[Symbol.asyncDispose]();
  expect((await stream).status).toBe(200);
  expect(joined).toEqual(['+mcp', '-mcp']);
});
