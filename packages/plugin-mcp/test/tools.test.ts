import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, eras, usualTools } from './support/connect.ts';

describe.each(eras)('tools in the %s era', (era) => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(era);
  });
  afterAll(() => connection[Symbol.asyncDispose]());
  const tool: Connection['tool'] = (name, input) => connection.tool(name, input);

  test('the server names itself and promises to tell of other lists', () => {
    expect(connection.client.getServerVersion()).toMatchObject({ name: 'promptbin', version: '1.2.3' });
    expect(connection.client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
    });
  });

  test('the list is one tool per command, small and flat', async () => {
    const { tools } = await connection.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(usualTools);
    const listed = tools.map(({ outputSchema: _, ...rest }) => rest);
    expect(JSON.stringify({ tools: listed }).length).toBeLessThan(8000);
    for (const { description, inputSchema, outputSchema } of tools) {
      expect(description?.length).toBeLessThanOrEqual(160);
      expect(JSON.stringify(inputSchema)).not.toMatch(/"(\$ref|anyOf|oneOf|allOf|\$schema)"|null/);
      for (const property of Object.values(inputSchema.properties ?? {})) {
        expect(property).toHaveProperty('type', expect.stringMatching(/^(string|number|integer|boolean)$/));
      }
      expect(outputSchema).toMatchObject({ type: 'object', required: ['summary'] });
    }
  });

  test('annotations say what a call may do', async () => {
    const { tools } = await connection.client.listTools();
    const of = (name: string): unknown => tools.find((candidate) => candidate.name === name)?.annotations;
    // What is left out is assumed: not for reading only, perhaps destructive, not idempotent.
    expect(of('read_logs')).toEqual({ readOnlyHint: true, openWorldHint: false });
    expect(of('start_process')).toEqual({ destructiveHint: false, idempotentHint: true, openWorldHint: false });
    expect(of('restart_process')).toEqual({ openWorldHint: false });
    expect(of('stop_process')).toEqual({ idempotentHint: true, openWorldHint: false });
  });

  test('list_processes answers the facts, and the same in one line each as text', async () => {
    const { text, facts, isError } = await tool('list_processes');
    expect(isError).toBe(false);
    expect(facts).toMatchObject({ summary: '1 of 3 ready', eventCursor: expect.any(Number) });
    expect(facts.processes).toMatchObject([{ name: 'web', port: 5000 }, { name: 'broken' }, { name: 'slow' }]);
    expect(text.split('\n')).toEqual([
      '1 of 3 ready',
      'web: ready, http://127.0.0.1:5000, pid 4411',
      'broken: failed, exited with code 7',
      'slow: starting, pid 4412',
    ]);
  });

  test('get_process passes on who asks', async () => {
    const { text, facts } = await tool('get_process', { name: 'web' });
    expect(text).toBe('web is running');
    expect(facts).toMatchObject({ summary: text, pid: 4411, logCursor: 3, caller: 'mcp:test-client/1' });
  });

  test('explain_process tells the next steps as tool calls', async () => {
    const { text, facts } = await tool('explain_process', { name: 'broken' });
    expect(facts.next).toEqual(['restart_process {"name":"broken"}']);
    expect(facts.evidence).toEqual(['boom']);
    expect(text.split('\n')).toEqual(['broken is failed', 'boom', 'Next: restart_process {"name":"broken"}']);
  });

  test('read_logs is without escapes and cuts lines, never a character in half', async () => {
    const { text, facts } = await tool('read_logs', { name: 'web' });
    const lines = facts.lines as { text: string }[];
    expect(lines[0]).toEqual({ seq: 1, at: 0, generation: 2, stream: 'out', text: 'Listening on 5000' });
    expect(lines[1]?.text).toBe(`${'x'.repeat(399)}…`);
    expect(lines[3]?.text).toBe(lines[1]?.text);
    expect(lines[2]?.text).toHaveLength(400);
    expect(lines[2]?.text.isWellFormed()).toBe(true);
    expect(text.split('\n')).toEqual(['4 lines of web', ...lines.map((line) => line.text)]);
    expect(facts).toMatchObject({ nextCursor: 4, dropped: 0, truncated: false });
  });

  test('stop_process hands on the receipt', async () => {
    const { facts } = await tool('stop_process', { name: 'web', graceSec: 1 });
    expect(facts).toMatchObject({ name: 'web', receipt: { escaped: [], portsFreed: [5000] } });
  });

  test('start_process gets its defaults, and no wait over 50 s', async () => {
    const lastInput = async (): Promise<unknown> => (await tool('get_process', { name: 'web' })).facts.lastInput;
    await tool('start_process', { name: 'web' });
    expect(await lastInput()).toEqual({ name: 'web', wait: 'ready', timeoutSec: 30, dependencies: true });
    await tool('start_process', { name: 'web', timeoutSec: 3600 });
    expect(await lastInput()).toEqual({ name: 'web', wait: 'ready', timeoutSec: 50, dependencies: true });
    const { tools } = await connection.client.listTools();
    const waitOf = (tool: string, field: string): unknown =>
      tools.find(({ name }) => name === tool)?.inputSchema.properties?.[field];
    expect(waitOf('wait_for_process', 'timeoutSec')).toMatchObject({ maximum: 50 });
    expect(waitOf('list_events', 'waitSec')).toMatchObject({ maximum: 50 });
  });

  test('a start that fails is an error with all facts', async () => {
    const { text, facts, isError } = await tool('start_process', { name: 'broken' });
    expect(isError).toBe(true);
    expect(facts).toMatchObject({
      summary: 'broken is failed',
      phase: 'failed',
      cause: { code: 'exited' },
      newLogs: [{ text: 'boom' }],
      error: { code: 'PB_START_FAILED', message: expect.stringContaining('code 7'), hint: 'Call read_logs.' },
    });
    expect(text.split('\n')).toEqual([
      'broken is failed',
      'broken did not become ready: exited with code 7.',
      'Call read_logs.',
      'boom',
    ]);
  });

  test('an unknown process is an error that names the known ones', async () => {
    const { text, facts, isError } = await tool('restart_process', { name: 'wep' });
    expect(isError).toBe(true);
    expect(text).toBe('There is no process "wep".\nUse one of: web, broken, slow.');
    expect(facts).toEqual({
      summary: 'There is no process "wep".',
      error: {
        code: 'PB_PROCESS_UNKNOWN',
        message: 'There is no process "wep".',
        hint: 'Use one of: web, broken, slow.',
      },
    });
  });

  test('a wrong input lists every mistake and the fields that there are', async () => {
    const { text, facts, isError } = await tool('start_process', { name: 7, waitt: 'ready' });
    expect(isError).toBe(true);
    expect(facts.error).toMatchObject({ code: 'PB_COMMAND_INPUT' });
    expect(text).toMatch(/name: .*string/);
    expect(text).toContain('"waitt"');
    expect(text).toContain('name, wait, timeoutSec');
  });

  test('an unknown tool is an error of the protocol', async () => {
    await expect(connection.client.callTool({ name: 'run_shell', arguments: {} })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('run_shell'),
    });
  });
});
