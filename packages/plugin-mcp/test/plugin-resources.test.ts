import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, eras, subscribe } from './support/connect.ts';

const pluginServer = fileURLToPath(new URL('./fixtures/plugin-server.ts', import.meta.url));
const ofCore = ['promptbin://processes', 'promptbin://flask-status', 'promptbin://events'];

describe.each(eras)('resources of plugins in the %s era', (era) => {
  let root: string;
  let connection: Connection;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'promptbin-'));
    connection = await connect(era, [pluginServer, root]);
    await connection.tool('reload_with', { more: true });
  });
  afterAll(async () => {
    await connection.client.close();
    await rm(root, { recursive: true, force: true });
  });
  const uris = async (): Promise<string[]> => (await connection.client.listResources()).resources.map(({ uri }) => uri);
  const read = async (uri: string): Promise<unknown> => (await connection.client.readResource({ uri })).contents[0];

  test('are listed, those of a template one by one', async () => {
    const { resources } = await connection.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      ...ofCore,
      'notes://all',
      'notes://note/first',
      'notes://note/a%2Fb',
      'notes://note/long',
      'more://1',
      'more://2',
    ]);
    expect(resources.find(({ uri }) => uri === 'notes://all')).toMatchObject({
      name: 'note.list',
      title: 'All notes',
      description: 'All notes.',
      mimeType: 'application/json',
    });
    expect(resources.find(({ uri }) => uri === 'notes://note/a%2Fb')).toMatchObject({
      name: 'a/b',
      title: 'Note a/b',
      description: 'One note.',
      mimeType: 'text/markdown',
    });
    const { resourceTemplates } = await connection.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'promptbin://processes/{name}',
      'promptbin://processes/{name}/logs',
      'promptbin://processes/{name}/config',
      'notes://note/{id}',
      'more://{number}',
    ]);
  });

  test('are read as JSON, or as the text that they are', async () => {
    const all = (await read('notes://all')) as { text: string };
    expect(all).toMatchObject({ uri: 'notes://all', mimeType: 'application/json' });
    expect(JSON.parse(all.text)).toMatchObject({ summary: '3 notes', notes: [{ id: 'first' }, { id: 'a/b' }, {}] });
    expect(await read('notes://note/first')).toMatchObject({ mimeType: 'text/markdown', text: 'the first note' });
    expect(await read('notes://note/a%2Fb')).toMatchObject({ text: 'a red note' });
    expect(await read('notes://note/long')).toMatchObject({ text: 'x'.repeat(5000) });
    expect(await read('more://2')).toMatchObject({ text: '{"number":2,"square":4}' });
  });

  test.each(['notes://note/none', 'notes://none', 'more://7'])('%s is not found', async (uri) => {
    await expect(read(uri)).rejects.toMatchObject({ code: -32602 });
  });

  test('what does not fit the input of the command is an error that says so', async () => {
    await expect(read('more://seven')).rejects.toMatchObject({
      code: -32603,
      message: expect.stringMatching(/Input of "more\.a".*number/s),
    });
  });

  test('complete the variables of a template with those that there are', async () => {
    const complete = async (uri: string, name: string, value: string): Promise<unknown> => {
      const ref = { type: 'ref/resource', uri } as const;
      return (await connection.client.complete({ ref, argument: { name, value } })).completion;
    };
    expect(await complete('notes://note/{id}', 'id', 'f')).toEqual({ values: ['first'], total: 1, hasMore: false });
    expect(await complete('more://{number}', 'number', '')).toMatchObject({ values: ['1', '2'] });
    expect(await complete('more://{number}', 'stray', '')).toMatchObject({ values: [] });
    expect(await complete('promptbin://processes/{name}', 'name', '')).toMatchObject({ values: [] });
    await expect(complete('none://{id}', 'id', '')).rejects.toMatchObject({ code: -32602 });
  });

  test('that have changed are told to subscribers, and a new member to those who follow the list', async () => {
    const pushed = (part: string): unknown[] =>
      connection.pushed.flatMap(({ method, params }) => (method.includes(part) ? [params?.uri] : []));
    const before = pushed('list_changed').length;
    await subscribe(connection, era, 'notes://all', 'notes://note/fresh');
    if (era === 'modern') await connection.client.listen({ resourcesListChanged: true });
    await connection.tool('set_note', { id: 'first', text: 'changed' });
    await connection.arrived(() => pushed('updated').length === 1);
    expect(pushed('list_changed')).toHaveLength(before);
    await connection.tool('set_note', { id: 'fresh', text: 'new' });
    await connection.arrived(() => pushed('updated').length === 3 && pushed('list_changed').length === before + 1);
    expect(pushed('updated').toSorted()).toEqual(['notes://all', 'notes://all', 'notes://note/fresh']);
    expect(await uris()).toContain('notes://note/fresh');
  });

  test('that a reload takes away are gone, and that is told', async () => {
    const count = (): number =>
      connection.pushed.filter(({ method }) => method.endsWith('resources/list_changed')).length;
    if (era === 'modern') await connection.client.listen({ resourcesListChanged: true });
    await uris();
    const before = count();
    await connection.tool('reload_with', { more: false });
    await connection.arrived(() => count() > before);
    expect(await uris()).not.toContain('more://1');
    await expect(read('more://1')).rejects.toMatchObject({ code: -32602 });
  });
});

test('a legacy client cannot subscribe to what is of no plugin', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  await using connection = await connect('legacy', [pluginServer, root]);
  await expect(subscribe(connection, 'legacy', 'more://1')).rejects.toMatchObject({ code: -32602 });
  await connection.tool('reload_with', { more: true });
  await expect.poll(() => subscribe(connection, 'legacy', 'more://1').then(() => 'ok', String)).toBe('ok');
  await connection.client.close();
  await rm(root, { recursive: true, force: true });
});
