import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, eras, serverFile, subscribe, usualTools } from './support/connect.ts';

const uriOf = ({ params }: { params?: Record<string, unknown> | undefined }): unknown => params?.uri;

describe.each(eras)('resources in the %s era', (era) => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(era);
  });
  afterAll(() => connection[Symbol.asyncDispose]());

  async function read(uri: string): Promise<unknown> {
    const { contents } = await connection.client.readResource({ uri });
    const [content] = contents;
    expect(content).toMatchObject({ uri, mimeType: 'application/json' });
    return JSON.parse(content !== undefined && 'text' in content ? content.text : '');
  }

  test('the list has the fixed ones and one for each process', async () => {
    const { resources } = await connection.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'promptbin://processes',
      'promptbin://flask-status',
      'promptbin://events',
      'promptbin://processes/web',
      'promptbin://processes/broken',
      'promptbin://processes/slow',
      'promptbin://processes/web/logs',
      'promptbin://processes/broken/logs',
      'promptbin://processes/slow/logs',
      'promptbin://processes/web/config',
      'promptbin://processes/broken/config',
      'promptbin://processes/slow/config',
    ]);
    expect(resources.slice(3, 7).map(({ name }) => name)).toEqual(['web', 'broken', 'slow', 'web/logs']);
  });

  test('processes is what the list command answers', async () => {
    expect(await read('promptbin://processes')).toEqual({
      summary: '1 of 3 ready',
      processes: [
        expect.objectContaining({ name: 'web', pid: 4411 }),
        expect.objectContaining({ name: 'broken' }),
        expect.objectContaining({ name: 'slow' }),
      ],
      eventCursor: expect.any(Number),
    });
  });

  test('flask-status is exactly port, pid and restarts', async () => {
    expect(await read('promptbin://flask-status')).toEqual({ port: 5000, pid: 4411, restarts: 1 });
  });

  test('one process by its name; a name that nobody has is not found', async () => {
    expect(await read('promptbin://processes/broken')).toMatchObject({ name: 'broken', phase: 'failed', logCursor: 3 });
    for (const uri of ['promptbin://processes/wep', 'promptbin://processes/%zz', 'promptbin://nothing']) {
      await expect(connection.client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    }
  });
});

describe.each(eras)('updates in the %s era', (era) => {
  test('reach subscribers only, and a burst is the first and the last of it', async () => {
    await using connection = await connect(era);
    const updates = (): unknown[] => connection.pushed.filter(({ method }) => method.endsWith('updated')).map(uriOf);
    const count = (uri: string): number => updates().filter((updated) => updated === uri).length;
    await subscribe(connection, era, 'promptbin://processes/web', 'promptbin://flask-status');
    await connection.tool('restart_process', { name: 'web', reason: 'burst' });
    await connection.arrived(() => count('promptbin://processes/web') === 2 && count('promptbin://flask-status') === 2);
    // What comes after the answer to this has nothing to do with the burst any more.
    await subscribe(connection, era, 'promptbin://processes/broken');
    await connection.tool('restart_process', { name: 'web', reason: 'fail' });
    await connection.arrived(() => count('promptbin://processes/broken') === 1);
    expect(updates().toSorted()).toEqual([
      'promptbin://flask-status',
      'promptbin://flask-status',
      'promptbin://processes/broken',
      'promptbin://processes/web',
      'promptbin://processes/web',
    ]);
  });

  test('come again from a manager that has taken the place of the old one', async () => {
    await using connection = await connect(era);
    await subscribe(connection, era, 'promptbin://processes/slow');
    await connection.tool('restart_process', { name: 'web', reason: 'burst' });
    const refused = await connection.tool('restart_process', { name: 'web', reason: 'successor' });
    expect(refused.isError).toBe(false);
    // Nothing happened to "slow" that was heard of; but what was not heard of may have changed it.
    await connection.arrived((notification) => uriOf(notification) === 'promptbin://processes/slow');
    await subscribe(connection, era, 'promptbin://processes/broken');
    await connection.tool('restart_process', { name: 'web', reason: 'fail' });
    await connection.arrived((notification) => uriOf(notification) === 'promptbin://processes/broken');
  });
});

test('a legacy client stops hearing what it has unsubscribed from, and cannot subscribe to nonsense', async () => {
  await using connection = await connect('legacy');
  await subscribe(connection, 'legacy', 'promptbin://processes', 'promptbin://processes/web');
  await connection.client.unsubscribeResource({ uri: 'promptbin://processes' });
  await connection.tool('restart_process', { name: 'web', reason: 'burst' });
  await connection.arrived((notification) => uriOf(notification) === 'promptbin://processes/web');
  expect(connection.pushed.map(uriOf)).not.toContain('promptbin://processes');
  await expect(connection.client.subscribeResource({ uri: 'promptbin://nothing' })).rejects.toMatchObject({
    code: -32602,
  });
});

describe.each(eras)('without a manager, in the %s era', (era) => {
  test('the server is up and says what to do', async () => {
    await using connection = await connect(era, [serverFile, 'gone']);
    for (const name of ['list_processes', 'start_process'] as const) {
      const { text, facts, isError } = await connection.tool(name, name === 'list_processes' ? {} : { name: 'web' });
      expect(isError).toBe(true);
      expect(facts).toMatchObject({ summary: expect.any(String), error: { code: 'PB_MANAGER_GONE' } });
      expect(text).toContain('connect ENOENT');
      expect(text).toContain('promptbin up');
    }
    await expect(connection.client.readResource({ uri: 'promptbin://processes' })).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining('promptbin up'),
    });
    const { resources } = await connection.client.listResources();
    expect(resources).toHaveLength(3);
  });

  test('a tool that a plugin may have is answered, and what nobody can judge may be subscribed to', async () => {
    await using connection = await connect(era, [serverFile, 'gone']);
    const { text, facts, isError } = await connection.tool('list_notes');
    expect(isError).toBe(true);
    expect(facts.error).toMatchObject({ code: 'PB_MANAGER_GONE' });
    expect(text).toContain('Whether there is a tool list_notes is not known now. The manager cannot be reached');
    expect(text).toContain('promptbin up');
    await subscribe(connection, era, 'notes://all');
  });
});

test.each(eras)(
  'a manager that is long in coming is not waited for, and heard when it has come, in the %s era',
  async (era) => {
    await using connection = await connect(era, [serverFile, 'late']);
    const { client } = connection;
    if (era === 'modern') await client.listen({ toolsListChanged: true });
    const names = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
    expect(await names()).toEqual(usualTools);
    await connection.tool('restart_process', { name: 'web', reason: 'arrive' });
    await connection.arrived(({ method }) => method === 'notifications/tools/list_changed');
    expect((await names()).at(-1)).toBe('come_late');
  },
);
