import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ElicitResult } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect, eras } from './support/connect.ts';

const protectedServer = fileURLToPath(new URL('./fixtures/protected-server.ts', import.meta.url));

describe.each(eras)('a protected process in the %s era', (era) => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function connected(answer?: ElicitResult): Promise<{ connection: Connection; asked: string[] }> {
    const asked: string[] = [];
    const says = (message: string): ElicitResult => {
      asked.push(message);
      return answer ?? { action: 'cancel' };
    };
    const connection = await connect(era, [protectedServer, root], answer && says);
    return { connection, asked };
  }

  test('is stopped when the user agrees, who is asked what it is about', async () => {
    const { connection, asked } = await connected({ action: 'accept', content: { agree: true } });
    await using _ = connection;
    const { facts, isError } = await connection.tool('stop_process', { name: 'db' });
    expect([isError, facts.phase]).toEqual([false, 'stopped']);
    expect(asked).toEqual([
      'mcp:test-client/1 wants to stop db, which ends "db": protected by the config. Do you agree?',
    ]);
  });

  test.for<[string, ElicitResult]>([
    ['declines', { action: 'decline' }],
    ['closes the question', { action: 'cancel' }],
    ['sends the form without agreeing', { action: 'accept', content: { agree: false } }],
  ])('is left alone when the user %s', async ([, answer]) => {
    const { connection, asked } = await connected(answer);
    await using _ = connection;
    const before = await connection.tool('get_process', { name: 'db' });
    const { facts, text, isError } = await connection.tool('restart_process', { name: 'db' });
    expect(isError).toBe(true);
    expect(facts.error).toMatchObject({ code: 'PB_CONFIRM_NEEDED', hint: 'Leave it as it is, or ask the user why.' });
    expect(text).toContain('The user has not agreed.');
    expect(asked).toHaveLength(1);
    expect((await connection.tool('get_process', { name: 'db' })).facts.pid).toBe(before.facts.pid);
  });

  test('is left alone by a client that cannot ask, and who reads the answer knows what to do', async () => {
    const { connection } = await connected();
    await using _ = connection;
    const { facts, isError } = await connection.tool('stop_process', { name: 'db' });
    expect(isError).toBe(true);
    expect(facts.error).toEqual({
      code: 'PB_CONFIRM_NEEDED',
      message: 'mcp:test-client/1 wants to stop db, which ends "db": protected by the config.',
      hint: 'Ask the user, who can agree or run "promptbin stop db".',
    });
    expect((await connection.tool('get_process', { name: 'db' })).facts.phase).toBe('running');
  });

  test('is asked about anew when more would end by the time that the user agrees', async () => {
    const asked: string[] = [];
    const connection: Connection = await connect(era, [protectedServer, root], async (message) => {
      asked.push(message);
      if (asked.length === 1) await connection.tool('start_process', { name: 'worker' });
      return { action: 'accept', content: { agree: true } };
    });
    await using _ = connection;
    expect((await connection.tool('stop_process', { name: 'db' })).isError).toBe(false);
    expect(asked).toEqual([
      expect.stringContaining('which ends "db":'),
      expect.stringContaining('which ends "db", "worker":'),
    ]);
  });

  test('nobody is asked about what is not protected', async () => {
    const { connection, asked } = await connected({ action: 'decline' });
    await using _ = connection;
    expect((await connection.tool('stop_process', { name: 'web' })).isError).toBe(false);
    expect(asked).toEqual([]);
  });
});

test('an answer that nobody was asked for, or to another question, is none', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  await using connection = await connect('modern', [protectedServer, root], () => ({ action: 'cancel' }));
  const { client } = connection;
  const inputResponses = { consent: { action: 'accept', content: { agree: true } } };
  const stop = (extra: object): Promise<unknown> =>
    client.callTool({ name: 'stop_process', arguments: { name: 'db' }, ...extra });
  expect(await stop({ inputResponses })).toMatchObject({ isError: true });
  await expect(stop({ inputResponses, requestState: 'v1.e30.forged' })).rejects.toMatchObject({ code: -32602 });
  expect((await connection.tool('get_process', { name: 'db' })).facts.phase).toBe('running');
  await rm(root, { recursive: true, force: true });
});
