import { defineConfig, type PluginContext } from '@promptbin/core';
import { expect, test } from 'vitest';
import { plugin } from '../support/plugins.ts';
import { lineWith, testManager } from '../support/project.ts';

/** Says when it is signalled, and lets a child of its own say so, too. */
const command = [
  'sh',
  '-c',
  "trap 'echo heard' HUP; (trap 'echo overheard' HUP; echo up; while :; do sleep 0.05; done) & while :; do sleep 0.05; done",
] as const;

async function started() {
  let ctx!: PluginContext<undefined, undefined, never>;
  const catches = plugin('catches', (context) => {
    ctx = context;
  });
  const processes = { web: { command, ready: { log: 'up' }, stop: { grace: 300 } } } as const;
  const { manager, events } = await testManager(defineConfig({ plugins: [catches], processes }));
  const web = manager.process('web');
  await web.start();
  return { web, events, send: ctx.use('signals').send };
}

test('a signal reaches the leader, and nobody else of its tree', async () => {
  const { web, events, send } = await started();
  const { pid } = web.view;
  expect(await send(web.view, 'SIGHUP')).toBe(true);
  await lineWith(web, 'heard');
  expect(web.logs().lines.map(({ text }) => text)).toEqual(['up', 'heard']);
  expect(web.view).toMatchObject({ phase: 'running', pid, generation: 1 });
  expect(events.filter(({ type }) => type === 'process.signalled').map(({ data }) => data)).toEqual([
    { name: 'web', generation: 1, signal: 'SIGHUP' },
  ]);
});

test('a signal is for one incarnation only', async () => {
  const { web, events, send } = await started();
  const first = web.view;
  await web.restart();
  expect(await send(first, 'SIGKILL')).toBe(false);
  const second = web.view;
  await web.stop();
  expect(await send(second, 'SIGHUP')).toBe(false);
  expect(await send({ name: 'nobody', generation: 1 }, 'SIGHUP')).toBe(false);
  expect(events.filter(({ type }) => type === 'process.signalled')).toEqual([]);
});
