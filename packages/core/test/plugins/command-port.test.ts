import type { CommandPort, ManagerEvent } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

async function porting() {
  let port!: CommandPort;
  const views = plugin('views', (ctx) => {
    port = ctx.use('commands');
    ctx.command({
      name: 'views.who',
      summary: 'Who asks.',
      effect: 'read',
      input: z.strictObject({}),
      run: (_, { caller }) => caller,
    });
  });
  const testing = await testManager({ plugins: [views], processes: { web: { command: 'sleep 60' } } });
  return { ...testing, port };
}

test('a plugin may offer the commands of the manager to others, its own among them', async () => {
  const { manager, port } = await porting();
  expect(await port.commands()).toEqual(await manager.commands());
  expect(await port.call('views.who', {}, { caller: 'mcp:agent' })).toEqual({ ok: true, value: 'mcp:agent' });
  expect(await port.call('process.start', { name: 'web' }, { caller: 'mcp:agent' })).toMatchObject({
    ok: true,
    value: { name: 'web', ready: true },
  });
  expect(await port.call('process.start', { name: 'wep' }, { caller: 'mcp:agent' })).toMatchObject({
    ok: false,
    error: { code: 'PB_PROCESS_UNKNOWN' },
  });
});

test('it follows the events until the manager has closed, and no longer than it wants', async () => {
  const { manager, port } = await porting();
  const all: ManagerEvent['type'][] = [];
  const following = (async () => {
    for await (const { type } of port.subscribe({ after: 0 })) all.push(type);
  })();
  const enough = new AbortController();
  for await (const { type } of port.subscribe({ after: 0, signal: enough.signal })) {
    if (type === 'manager.started') enough.abort();
  }
  await manager.close();
  await following;
  expect(all).toEqual(expect.arrayContaining(['manager.started', 'manager.closing']));
  expect(await port.call('process.start', { name: 'web' }, { caller: 'a test' })).toMatchObject({
    ok: false,
    error: { code: 'PB_MANAGER_CLOSED' },
  });
});
