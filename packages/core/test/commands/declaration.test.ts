import type { Command, CommandResource, PluginContext } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

type Setup = (ctx: PluginContext<undefined, undefined, never>) => void;

const command = (facts: Partial<Command> = {}): Command => ({
  name: 'note.get',
  summary: 'One note.',
  effect: 'read',
  input: z.strictObject({ id: z.string(), lang: z.string().optional() }),
  run: () => ({}),
  ...facts,
});
const adding =
  (...commands: readonly Command[]): Setup =>
  (ctx) => {
    for (const one of commands) ctx.command(one);
  };
const caller = { caller: 'test' };

test('a command is shown with its plugin, tool, resource and both schemas', async () => {
  const resource = { uri: 'notes://note/{id}', title: 'A note', list: 'note.list' } as const;
  const output = z.strictObject({ text: z.string() });
  const get = command({ tool: 'get_note', resource, output, run: () => ({ text: 'hi' }) });
  const { manager } = await testManager({ plugins: [plugin('notes', adding(get))], processes: {} });
  const commands = await manager.commands();
  expect(commands.at(-1)).toMatchObject({
    name: 'note.get',
    plugin: 'notes',
    tool: 'get_note',
    resource,
    input: { type: 'object', required: ['id'] },
    output: { type: 'object', properties: { text: { type: 'string' } } },
  });
  expect(commands.filter((one) => 'plugin' in one)).toHaveLength(1);
  expect(JSON.parse(JSON.stringify(commands))).toEqual(commands);
});

describe('a boot fails by a command', () => {
  const resource = (facts: Partial<CommandResource>, effect: Command['effect'] = 'read') =>
    command({ effect, resource: { uri: 'notes://note/{id}', ...facts } });
  test.each<[string, Command, RegExp]>([
    ['with a bad tool name', command({ tool: 'get note' }), /the tool name "get note" is not made of 1 to 64/],
    ['with a long tool name', command({ tool: 'a'.repeat(65) }), /is not made of 1 to 64/],
    [
      'whose tool takes no object',
      command({ tool: 'get', input: z.string() }),
      /input of what agents see must be an obj/,
    ],
    ['whose input has no JSON Schema', command({ input: z.object({ at: z.date() }) }), /input cannot be shown.*Date/],
    [
      'whose output has no JSON Schema',
      command({ output: z.object({ at: z.date() }) }),
      /output cannot be shown.*Date/,
    ],
    ['whose output is no object', command({ output: z.string() }), /its output must be an object/],
    ['that writes and is a resource', resource({}, 'write'), /only a command that reads/],
    ['with a URI that is none', resource({ uri: 'note/{id}' }), /"note\/\{id\}" is no URI/],
    ['with a stray variable', resource({ uri: 'notes://{id}/{page}' }), /"page" of "notes:.*" is no field/],
    ['that cannot be read by its URI', resource({ uri: 'notes://{lang}' }), /requires "id", which/],
    [
      'that lists one resource',
      command({ input: z.strictObject({}), resource: { uri: 'notes://all', list: 'note.list' } }),
      /no variables, so there is nothing to list/,
    ],
  ])('%s', async (_, declared, message) => {
    const booting = testManager({ plugins: [plugin('notes', adding(declared))], processes: {} });
    await expect(booting).rejects.toMatchObject({
      code: 'PB_PLUGIN_SETUP',
      message: expect.stringMatching(message),
      cause: {
        code: 'PB_COMMAND_INVALID',
        plugin: 'notes',
        message: expect.stringMatching(/"note\.get" of plugin "notes"/),
      },
    });
  });

  test.each<[string, Command, Command, string]>([
    ['name', command(), command(), 'The command "note.get" of plugin "b" is there already: plugin "a" has it'],
    [
      'tool',
      command({ tool: 'get_note' }),
      command({ name: 'page.get', tool: 'get_note' }),
      'The tool "get_note" of plugin "b" is there already: plugin "a" has it as "note.get".',
    ],
    [
      'resource',
      command({ resource: { uri: 'notes://{id}' } }),
      command({ name: 'page.get', resource: { uri: 'notes://{id}' } }),
      'The resource "notes://{id}" of plugin "b" is there already: plugin "a" has it as "note.get".',
    ],
  ])('whose %s another plugin has', async (_, one, other, message) => {
    const plugins = [plugin('a', adding(one)), plugin('b', adding(other))];
    await expect(testManager({ plugins, processes: {} })).rejects.toMatchObject({
      code: 'PB_PLUGIN_SETUP',
      cause: { code: 'PB_COMMAND_DUPLICATE', message: expect.stringContaining(message) },
    });
  });

  test.each<[string, Command, string]>([
    ['tool', command({ tool: 'read_logs' }), 'promptbin itself has it as "process.logs"'],
    [
      'resource',
      command({ input: z.strictObject({}), resource: { uri: 'promptbin://processes' } }),
      'promptbin itself has it as "process.list"',
    ],
  ])('whose %s is of core', async (_, one, message) => {
    await expect(testManager({ plugins: [plugin('a', adding(one))], processes: {} })).rejects.toMatchObject({
      cause: { code: 'PB_COMMAND_DUPLICATE', message: expect.stringContaining(message) },
    });
  });
});

test('an answer that does not fit its output is a failure; one that fits is as it was', async () => {
  const answer = (name: Command['name'], value: unknown): Command =>
    command({ name, input: z.unknown(), output: z.object({ count: z.number() }), run: () => value });
  const { manager } = await testManager({
    plugins: [
      plugin('notes', adding(answer('note.good', { count: 1, more: 2 }), answer('note.bad', { count: 'one' }))),
    ],
    processes: {},
  });
  expect(await manager.call('note.good', {}, caller)).toEqual({ ok: true, value: { count: 1, more: 2 } });
  expect(await manager.call('note.bad', {}, caller)).toMatchObject({
    ok: false,
    error: { code: 'PB_COMMAND_FAILED', message: expect.stringMatching(/"note\.bad" has answered.*count/s) },
  });
});

test('a resource without a value is unknown; a command without one is done', async () => {
  const { manager } = await testManager({
    plugins: [
      plugin(
        'notes',
        adding(
          command({ resource: { uri: 'notes://{id}' }, run: () => undefined }),
          command({ name: 'note.drop', run: () => undefined }),
        ),
      ),
    ],
    processes: {},
  });
  expect(await manager.call('note.get', { id: '7' }, caller)).toMatchObject({
    ok: false,
    error: { code: 'PB_RESOURCE_UNKNOWN', message: '"note.get" knows of nothing with {"id":"7"}.' },
  });
  expect(await manager.call('note.drop', { id: '7' }, caller)).toEqual({ ok: true, value: undefined });
});

test('an input with a wrong field says which one may be meant, and which there are', async () => {
  const { manager } = await testManager({
    plugins: [plugin('notes', adding(command(), command({ name: 'note.all', input: z.strictObject({}) })))],
    processes: {},
  });
  const hintOf = async (name: string, input: unknown): Promise<unknown> => {
    const result = await manager.call(name, input, caller);
    return result.ok ? undefined : result.error.hint;
  };
  expect(await hintOf('note.get', { id: 'a', langg: 'en' })).toBe('Did you mean "lang"? Its fields: id, lang.');
  expect(await hintOf('note.get', {})).toBe('Its fields: id, lang.');
  expect(await hintOf('note.all', { id: 'a' })).toBe('Give it no input.');
});
