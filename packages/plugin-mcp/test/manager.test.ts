import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connection, connect, eras, subscribe } from './support/connect.ts';

const managedServer = fileURLToPath(new URL('./fixtures/managed-server.ts', import.meta.url));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'promptbin-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function flaskStatus({ client }: Connection): Promise<{ port: number; pid: number; restarts: number }> {
  const { contents } = await client.readResource({ uri: 'promptbin://flask-status' });
  const [content] = contents;
  return JSON.parse(content !== undefined && 'text' in content ? content.text : '');
}

async function alive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
}

test.each(eras)('an agent brings a real process up, restarts and stops it, in the %s era', async (era) => {
  await using connection = await connect(era, [managedServer, root]);
  expect(await flaskStatus(connection)).toEqual({ port: null, pid: null, restarts: 0 });
  await subscribe(connection, era, 'promptbin://flask-status');

  const started = await connection.tool('start_process', { name: 'web' });
  expect(started.facts).toMatchObject({ phase: 'running', ready: true, changed: true, met: true });
  await connection.arrived(({ params }) => params?.uri === 'promptbin://flask-status');
  const response = await fetch(String(started.facts.url));
  expect(await response.text()).toBe('mcp-managed');
  const before = await flaskStatus(connection);
  expect(before).toEqual({ port: started.facts.port, pid: started.facts.pid, restarts: 0 });

  const again = await connection.tool('start_process', { name: 'web' });
  expect(again.facts).toMatchObject({ pid: before.pid, changed: false });

  const logs = await connection.tool('read_logs', { name: 'web' });
  expect(logs.facts.lines).toMatchObject([{ text: 'listening' }]);

  await connection.tool('restart_process', { name: 'web', reason: 'new code' });
  const after = await flaskStatus(connection);
  expect(after.restarts).toBe(1);
  expect(after.pid).not.toBe(before.pid);
  expect(await alive(before.pid)).toBe(false);

  const stopped = await connection.tool('stop_process', { name: 'web' });
  expect(stopped.facts).toMatchObject({ phase: 'stopped', receipt: { escaped: [] } });
  expect(await alive(after.pid)).toBe(false);
});

test('a start that fails says why in its answer, and explain_process what to call next', async () => {
  await using connection = await connect('legacy', [managedServer, root]);
  const { facts, text, isError } = await connection.tool('start_process', { name: 'broken' });
  expect(isError).toBe(true);
  expect(facts).toMatchObject({ phase: 'failed', error: { code: 'PB_START_FAILED' }, newLogs: [{ text: 'boom' }] });
  expect(text).toContain('boom');
  const explained = await connection.tool('explain_process', { name: 'broken' });
  expect(explained.facts).toMatchObject({
    verdict: 'down',
    next: expect.arrayContaining(['start_process {"name":"broken"}']),
  });
  await connection.arrived(({ params }) => params?.level === 'error' && params.logger === 'promptbin.broken');
});

test.each(eras)('an agent waits for what happens and reads on from there, in the %s era', async (era) => {
  await using connection = await connect(era, [managedServer, root]);
  const { facts: before } = await connection.tool('list_events');
  const seen: (string | undefined)[] = [];
  const written = connection.client.callTool(
    { name: 'wait_for_process', arguments: { name: 'web', until: 'log', pattern: 'listen(ing)?', timeoutSec: 50 } },
    { onprogress: ({ message }) => seen.push(message) },
  );
  // It is down: nothing will be written.
  expect(await written).toMatchObject({ structuredContent: { met: false, phase: 'stopped' } });
  await connection.tool('start_process', { name: 'web' });
  const found = await connection.tool('wait_for_process', { name: 'web', until: 'log', pattern: 'listen', cursor: 0 });
  expect(found.facts).toMatchObject({ met: true, matchedLine: { text: 'listening' } });
  const { facts, text } = await connection.tool('list_events', { cursor: before.nextCursor, waitSec: 50, name: 'web' });
  expect(facts.events).toContainEqual(expect.objectContaining({ type: 'process.spawned', name: 'web' }));
  expect(text).toMatch(/Z web spawned \(pid \d+\)/);

  const { structuredContent, isError } = await connection.client.callTool(
    { name: 'wait_for_process', arguments: { name: 'web', until: 'exited', timeoutSec: 2.5 } },
    { onprogress: ({ message }) => seen.push(message) },
  );
  expect(isError).toBeFalsy();
  expect(structuredContent).toMatchObject({ met: false, reason: expect.stringContaining('not within 2.5 s') });
  expect(seen[0]).toBe('wait_for_process has been at it for 1 s: web, until exited');
});

test('what the manager refuses is told as it says it', async () => {
  await using connection = await connect('modern', [managedServer, root]);
  const { facts, isError } = await connection.tool('get_process', { name: 'wep' });
  expect(isError).toBe(true);
  expect(facts.error).toMatchObject({ code: 'PB_PROCESS_UNKNOWN' });
  await expect(connection.client.readResource({ uri: 'promptbin://processes/wep' })).rejects.toMatchObject({
    code: -32602,
  });
});

test('nothing is left when the client goes', async () => {
  const connection = await connect('modern', [managedServer, root]);
  const { facts } = await connection.tool('start_process', { name: 'web' });
  await connection.client.close();
  await expect.poll(() => alive(Number(facts.pid))).toBe(false);
});
