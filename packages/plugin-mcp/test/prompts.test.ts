import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, eras, serverFile } from './support/connect.ts';

describe.each(eras)('prompts in the %s era', (era) => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(era);
  });
  afterAll(() => connection[Symbol.asyncDispose]());

  async function written(name: string, args: Record<string, string> = {}): Promise<string> {
    const { messages } = await connection.client.getPrompt({ name, arguments: args });
    const [message, ...others] = messages;
    expect(others).toEqual([]);
    expect(message?.role).toBe('user');
    return message?.content.type === 'text' ? message.content.text : '';
  }

  test('are listed with what they need', async () => {
    const { prompts } = await connection.client.listPrompts();
    expect(prompts.map(({ name, arguments: args }) => [name, args?.map((one) => [one.name, one.required])])).toEqual([
      ['diagnose', [['name', true]]],
      ['bring_up', [['name', false]]],
      ['after_change', [['name', true]]],
    ]);
    for (const { description } of prompts) expect(description).toMatch(/\.$/);
  });

  test('hold what is known at that moment, quoted, and say which tools to call', async () => {
    const diagnose = await written('diagnose', { name: 'broken' });
    expect(diagnose).toMatch(/^Find out why broken is down/);
    // What the program has written is not taken for instructions.
    expect(diagnose).toContain('\n> boom\n');
    for (const tool of ['explain_process', 'read_logs', 'restart_process']) expect(diagnose).toContain(tool);
    // A tool of a plugin that is not listed.
    expect(diagnose).not.toContain('apply_and_wait');
    expect(await written('bring_up')).toMatch(
      /^Get every process up and ready\.[\s\S]*> web: ready[\s\S]*start_process/,
    );
    expect(await written('bring_up', { name: 'web' })).toMatch(/^Get web up and ready\.[\s\S]*> web is running/);
    expect(await written('after_change', { name: 'web' })).toContain('Call restart_process for web');
  });

  test.for<[string, Record<string, string>, string]>([
    ['diagnose', { name: 'wep' }, 'There is no process "wep".'],
    ['bring_up', { name: 'wep' }, 'There is no process "wep".'],
    ['diagnose', {}, 'needs the name of a process'],
    ['mend', {}, 'There is no prompt mend. Known: diagnose, bring_up, after_change.'],
  ])('%s with %o is refused', async ([name, args, message]) => {
    const refused = connection.client.getPrompt({ name, arguments: args });
    await expect(refused).rejects.toMatchObject({ code: -32602, message: expect.stringContaining(message) });
  });

  test('names of processes can be completed', async () => {
    const ref = { type: 'ref/prompt', name: 'diagnose' } as const;
    const { completion } = await connection.client.complete({ ref, argument: { name: 'name', value: 's' } });
    expect(completion.values).toEqual(['slow']);
    const other = connection.client.complete({ ref, argument: { name: 'other', value: 's' } });
    await expect(other).rejects.toMatchObject({ code: -32602 });
  });
});

test('without a manager they say so', async () => {
  await using connection = await connect('modern', [serverFile, 'gone']);
  const { messages } = await connection.client.getPrompt({ name: 'diagnose', arguments: { name: 'web' } });
  expect(JSON.stringify(messages)).toContain('> The manager cannot be reached');
});
