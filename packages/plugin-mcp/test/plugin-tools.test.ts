import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, eras, usualTools } from './support/connect.ts';

const pluginServer = fileURLToPath(new URL('./fixtures/plugin-server.ts', import.meta.url));
const ofNotes = [
  'count_aborted',
  'drop_note',
  'get_note',
  'list_notes',
  'odd_values',
  'reload_with',
  'set_note',
  'wait_for_note',
];
const ofCore = usualTools;

describe.each(eras)('tools of plugins in the %s era', (era) => {
  let root: string;
  let connection: Connection;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'promptbin-'));
    connection = await connect(era, [pluginServer, root]);
  });
  afterAll(async () => {
    await connection.client.close();
    await rm(root, { recursive: true, force: true });
  });
  const tool: Connection['tool'] = (name, input) => connection.tool(name, input);
  const toolNames = async (): Promise<string[]> => (await connection.client.listTools()).tools.map(({ name }) => name);

  test("come after core's, by name; what is not meant for agents does not come", async () => {
    expect(await toolNames()).toEqual([...ofCore, ...ofNotes]);
  });

  test('are shown by what their command says of itself', async () => {
    const { tools } = await connection.client.listTools();
    const of = (name: string): unknown => tools.find((candidate) => candidate.name === name);
    const error = { type: 'object', required: ['code', 'message'] };
    expect(of('set_note')).toMatchObject({
      title: 'Set note',
      description: 'Writes a note.',
      inputSchema: {
        type: 'object',
        properties: { id: { type: 'string', description: 'Which note.' }, times: { type: 'integer', default: 1 } },
        required: ['id', 'text'],
        additionalProperties: false,
      },
      outputSchema: { type: 'object', properties: { summary: { type: 'string' }, error }, required: ['summary'] },
      annotations: { destructiveHint: false },
    });
    expect(of('list_notes')).toMatchObject({
      outputSchema: { properties: { notes: { type: 'array' }, error }, required: ['summary'] },
      annotations: { readOnlyHint: true },
    });
    expect(of('drop_note')).toMatchObject({
      description: expect.stringMatching(/^Takes a note away.*…$/),
      annotations: { openWorldHint: false },
    });
    for (const { description, inputSchema } of tools) {
      expect(description?.length).toBeLessThanOrEqual(160);
      expect(inputSchema).not.toHaveProperty('$schema');
    }
  });

  test('answer the value of their command, and in text what the summary does not say', async () => {
    const { facts, text, isError } = await tool('list_notes');
    expect(isError).toBe(false);
    expect(facts).toMatchObject({ summary: '3 notes', notes: [{ id: 'first' }, { id: 'a/b' }, { id: 'long' }] });
    const [summary, rest = ''] = text.split('\n');
    expect([summary, JSON.parse(rest)]).toEqual(['3 notes', { notes: facts.notes }]);
    const set = await tool('set_note', { id: 'mine', text: 'ab', times: 2 });
    expect(set.facts).toEqual({ summary: 'Note mine is written.', caller: 'mcp:test-client/1' });
    expect((await tool('get_note', { id: 'mine' })).facts).toEqual({ summary: 'abab', value: 'abab' });
    expect(await tool('drop_note', { id: 'mine' })).toMatchObject({
      facts: { summary: 'drop_note is done.' },
      isError: false,
    });
  });

  test('answer text without escapes, as long as it is unless it is very long', async () => {
    expect((await tool('get_note', { id: 'a/b' })).facts.value).toBe('a red note');
    const { facts } = await tool('get_note', { id: 'long' });
    expect(facts).toEqual({ summary: `${'x'.repeat(399)}…`, value: 'x'.repeat(5000) });
    expect((await tool('odd_values', { kind: 'large' })).facts.text).toBe(`${'x'.repeat(399)}…`);
  });

  test.each([
    ['list', { summary: 'odd_values has answered.', value: [1, 2] }],
    ['text', { summary: 'two words', value: 'two words' }],
    ['error', { summary: 'odd_values has answered.', value: { error: 'is only a word' } }],
    ['date', { summary: 'odd_values has answered.', at: '1970-01-01T00:00:00.000Z' }],
  ])('answer facts, whatever the value is: %s', async (kind, facts) => {
    expect(await tool('odd_values', { kind })).toMatchObject({ facts, isError: false });
  });

  test('refuse a wrong input with every mistake, the field that may be meant and those that there are', async () => {
    const { facts, text, isError } = await tool('set_note', { idd: 'x', text: 7, times: 10 });
    expect(isError).toBe(true);
    expect(facts).toMatchObject({
      summary: expect.stringContaining('"note.set"'),
      error: { code: 'PB_COMMAND_INPUT', hint: 'Did you mean "id"? Its fields: id, text, times.' },
    });
    for (const part of ['"idd"', 'at id', 'at text', 'at times', 'Did you mean']) expect(text).toContain(part);
  });

  test('say why a call has failed, with its facts', async () => {
    const { facts, text, isError } = await tool('drop_note', { id: 'none' });
    expect(isError).toBe(true);
    expect(facts).toEqual({
      summary: 'There is no note "none".',
      left: 3,
      error: { code: 'PB_RESOURCE_UNKNOWN', message: 'There is no note "none".', hint: 'Call list_notes.' },
    });
    expect(text.split('\n')).toEqual(['There is no note "none".', 'Call list_notes.', '{"left":3}']);
  });

  test('report progress, and stop when the call is taken back', async () => {
    const seen: (string | undefined)[] = [];
    await connection.client.callTool(
      { name: 'wait_for_note', arguments: {} },
      { onprogress: ({ message }) => seen.push(message) },
    );
    expect(seen[0]).toBe('wait_for_note has been at it for 1 s');
    const controller = new AbortController();
    const call = connection.client.callTool(
      { name: 'wait_for_note', arguments: {} },
      { signal: controller.signal, onprogress: () => controller.abort('changed my mind') },
    );
    await expect(call).rejects.toThrow('changed my mind');
    await expect.poll(async () => (await tool('count_aborted')).facts.value).toBe(1);
  });

  test('are told of when a reload brings some or takes some, and only then', async () => {
    const changes = (): number =>
      connection.pushed.filter(({ method }) => method.includes('tools/list_changed')).length;
    const { client } = connection;
    if (era === 'modern') await client.listen({ toolsListChanged: true });
    await tool('reload_with', { more: true });
    await connection.arrived(() => changes() === 1);
    expect(await toolNames()).toEqual([...ofCore, 'alpha', 'beta', ...ofNotes]);
    expect((await tool('alpha', { number: 2 })).facts).toMatchObject({ number: 2, square: 4 });
    // What follows has the answer to this behind it: a reload that changes nothing is no news.
    await tool('reload_with', { more: true });
    await tool('reload_with', { more: false });
    await connection.arrived(() => changes() === 2);
    expect(await toolNames()).toEqual([...ofCore, ...ofNotes]);
    await expect(client.callTool({ name: 'alpha', arguments: {} })).rejects.toMatchObject({ code: -32602 });
    expect(changes()).toBe(2);
  });
});
