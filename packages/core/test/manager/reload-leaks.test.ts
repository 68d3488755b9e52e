import { readdirSync } from 'node:fs';
import { type Config, definePlugin, type HookName, type Plugin } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { systemClock } from '../../src/kernel/clock.ts';
import { createCore } from '../../src/manager/kernel.ts';
import type { PluginHost } from '../../src/plugins/context.ts';
import { PluginSet } from '../../src/plugins/plugin-set.ts';
import { pidsWithEnvironment } from '../support/alive.ts';
import { testManager } from '../support/project.ts';

/** Taps, listens and sets timers, and takes nothing of it back. */
const careless = definePlugin({
  name: 'careless',
  options: z.number(),
  fields: z.undefined(),
  setup(ctx) {
    ctx.hooks.event.tap('x', () => {});
    ctx.hooks.output.tap('x', () => {});
    ctx.hooks.decide.tap('x', () => undefined);
    ctx.hooks.beforeStop.tapPromise('x', async () => {});
    ctx.clock.after(600_000, () => {});
    void ctx.clock.sleep(600_000);
    ctx.command({ name: `careless.${ctx.options}`, summary: 'x', effect: 'read', input: z.unknown(), run: () => 1 });
  },
});

test('ten reloads in a row leave as much open as one: no timers, descriptors, processes, commands', async () => {
  const service = (script: string) => ({
    command: ['sh', '-c', `echo up; ${script}exec sleep 60`] as [string, ...string[]],
    ready: { log: 'up' },
  });
  const kept = service('');
  const configs: readonly [Config, Config] = [
    { plugins: [careless(1) as unknown as Plugin], processes: { kept, changed: service(''), here: kept } },
    { plugins: [careless(2) as unknown as Plugin], processes: { kept, changed: service('x=1; '), there: kept } },
  ];
  const { manager, root } = await testManager(configs[0]);
  await manager.start();
  const settled = async () => {
    await Promise.all(manager.processes().map(({ name }) => manager.process(name).until('ready')));
    await expect.poll(() => manager.processes().every(({ ready }) => ready)).toBe(true);
    // Descriptors are closed and timers cleared a moment later.
    await new Promise((resolve) => setTimeout(resolve, 700));
    return {
      timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
      descriptors: readdirSync('/proc/self/fd').length,
      children: pidsWithEnvironment(root).length,
      commands: (await manager.commands()).length,
    };
  };
  const { pid } = await manager.process('kept').until('ready');
  await manager.reload(configs[1]);
  await manager.reload(configs[0]);
  const before = await settled();
  for (let round = 0; round < 10; round += 1) await manager.reload(configs[(round + 1) % 2] as Config);
  const after = await settled();
  expect(after).toEqual(before);
  expect(manager.process('kept').view).toMatchObject({ pid, generation: 1 });
});

test('ten reloads in a row leave one set of taps', async () => {
  const core = createCore(systemClock, undefined);
  const host: PluginHost = {
    root: '/',
    clock: core.clock,
    guard: core.guard,
    hooks: core.hooks,
    services: new Map(),
    config: () => ({ root: '/', secrets: [], processes: {} }),
    view() {
      throw new Error('there are no processes');
    },
    request: () => {},
    condition: () => {},
    emit: () => {},
    addCommand: () => ({ [Symbol.dispose]: () => {} }),
    started: () => undefined,
  };
  const set = new PluginSet(host);
  const stays = definePlugin({
    name: 'stays',
    options: z.undefined(),
    fields: z.undefined(),
    setup: (ctx) => ctx.hooks.event.tap('x', () => {}),
  })() as unknown as Plugin;
  for (let options = 0; options < 10; options += 1) {
    const plugins = [
      { plugin: stays, options: undefined },
      { plugin: careless(options) as unknown as Plugin, options },
    ];
    (await set.stage(plugins, host.config())).commit();
  }
  const taps = (Object.keys(core.hooks) as HookName[]).flatMap((name) =>
    core.hooks[name].taps.map((tap) => `${name} ${tap.name}`),
  );
  expect(taps).toEqual(['output careless', 'decide careless', 'beforeStop careless', 'event stays', 'event careless']);
  await set.dispose();
});
