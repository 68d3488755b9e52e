import { definePlugin, type ManagerEvent, PromptbinError } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { testManager } from '../support/project.ts';

const caller = { caller: 'mcp:agent/1.0' };

const notes = definePlugin({
  name: 'notes',
  options: z.undefined(),
  fields: z.undefined(),
  setup(ctx) {
    ctx.command({
      name: 'note.write',
      summary: 'Writes a note.',
      effect: 'write',
      input: z.strictObject({
        text: z.string(),
        password: z.string().optional(),
        tags: z.array(z.string()).optional(),
      }),
      run: ({ text }) => {
        if (text === '') throw new PromptbinError('PB_RESOURCE_UNKNOWN', 'There is nothing to write.');
        return { summary: 'Written.' };
      },
    });
  },
});

async function auditedManager() {
  const { manager } = await testManager({
    plugins: [notes()],
    processes: { web: { command: 'sleep 60', env: { API_TOKEN: 'tok-1234567' } } },
  });
  const audited: ManagerEvent<'command.called'>['data'][] = [];
  manager.on('command.called', ({ data }) => audited.push(data));
  return { manager, audited };
}

test('every call that is not for reading is on record when it has answered: who, what, with what, how it ended', async () => {
  const { manager, audited } = await auditedManager();
  await manager.call('process.list', {}, caller);
  await manager.call('process.start', { name: 'web' }, caller);
  await manager.call('note.write', { text: '' }, { caller: 'cli' });
  await manager.call('note.write', { txet: 'a' }, { caller: 'cli' });
  await manager.call('note.wriet', { text: 'a' }, { caller: 'cli' });
  await manager.call('process.stop', { name: 'web' }, caller);
  expect(audited).toEqual([
    { command: 'process.start', caller: 'mcp:agent/1.0', input: { name: 'web' }, ok: true, tookMs: expect.any(Number) },
    {
      command: 'note.write',
      caller: 'cli',
      input: { text: '' },
      ok: false,
      code: 'PB_RESOURCE_UNKNOWN',
      tookMs: expect.any(Number),
    },
    {
      command: 'note.write',
      caller: 'cli',
      input: { txet: 'a' },
      ok: false,
      code: 'PB_COMMAND_INPUT',
      tookMs: expect.any(Number),
    },
    { command: 'process.stop', caller: 'mcp:agent/1.0', input: { name: 'web' }, ok: true, tookMs: expect.any(Number) },
  ]);
});

test('the record holds no secret, by name or by value, and nothing without bounds', async () => {
  const { manager, audited } = await auditedManager();
  await manager.process('web').start();
  const tags = Array.from({ length: 1000 }, (_, index) => `tag ${index}`);
  await manager.call('note.write', { text: `${'x'.repeat(10_000_000)}`, password: 'open sesame', tags }, caller);
  await manager.call('note.write', { text: 'the token is tok-1234567' }, caller);
  // Where a text is cut, half a secret must not be left.
  await manager.call('note.write', { text: `${'x'.repeat(194)}tok-1234567` }, caller);
  expect(audited.map(({ input }) => input)).toEqual([
    { text: `${'x'.repeat(200)}…`, password: '[secret]', tags: tags.slice(0, 20) },
    { text: 'the token is [secret]' },
    { text: `${'x'.repeat(194)}[secret]…` },
  ]);
});
