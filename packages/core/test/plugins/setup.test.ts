import { createManager, definePlugin, type Plugin, type PluginContext, type ServiceName } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';

declare module '@promptbin/core' {
  interface ServiceMap {
    'test.one': { readonly id: number };
    'test.two': { readonly id: number };
  }
}

type Context = PluginContext<undefined, undefined, ServiceName>;

interface Wiring {
  readonly requires?: readonly ServiceName[];
  readonly provides?: readonly ServiceName[];
  setup?(ctx: Context): void | Promise<void>;
}

function wired(name: string, { requires = [], provides = [], setup = () => {} }: Wiring): Plugin {
  const spec = { name, options: z.undefined(), fields: z.undefined(), requires, provides, setup };
  return definePlugin(spec)() as unknown as Plugin;
}

const boot = (...plugins: Plugin[]) => testManager({ plugins, processes: {} });

describe('a setup that fails', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('no network');
      },
      'no network',
    ],
    ['rejects', () => Promise.reject(new Error('no network')), 'no network'],
  ])('because it %s takes back what came before it, in reverse, and what it began itself', async (_, fail, why) => {
    const undone: string[] = [];
    const good = (name: string): Plugin => plugin(name, (ctx) => ctx.onDispose(() => void undone.push(name)));
    const bad = plugin('bad', (ctx) => {
      ctx.onDispose(() => void undone.push('bad'));
      return fail();
    });
    await expect(boot(good('one'), good('two'), bad, good('never'))).rejects.toMatchObject({
      code: 'PB_PLUGIN_SETUP',
      plugin: 'bad',
      message: `Plugin "bad" failed in setup: ${why}.`,
    });
    expect(undone).toEqual(['bad', 'two', 'one']);
  });

  test('aborts the signal of every plugin that was set up', async () => {
    const signals: AbortSignal[] = [];
    const good = plugin('good', (ctx) => void signals.push(ctx.signal));
    const bad = plugin('bad', () => Promise.reject(new Error('x')));
    await expect(boot(good, bad)).rejects.toThrow('failed in setup');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('because it takes the name of a command of core or of another plugin is its own fault', async () => {
    const undone: string[] = [];
    const commanding = (name: string, command: `${string}.${string}`): Plugin =>
      plugin(name, (ctx) => {
        ctx.onDispose(() => void undone.push(name));
        ctx.command({ name: command, summary: 'x', effect: 'read', input: z.strictObject({}), run: () => 1 });
      });
    for (const [first, second] of [
      ['one.one', 'process.start'],
      ['one.one', 'one.one'],
    ] as const) {
      undone.length = 0;
      await expect(boot(commanding('one', first), commanding('two', second))).rejects.toMatchObject({
        code: 'PB_PLUGIN_SETUP',
        plugin: 'two',
        cause: { code: 'PB_COMMAND_DUPLICATE' },
      });
      expect(undone).toEqual(['two', 'one']);
    }
  });

  test('because it provides what it did not announce', async () => {
    const bad = wired('bad', { setup: (ctx) => ctx.provide('test.one', { id: 1 }) });
    await expect(boot(bad)).rejects.toMatchObject({
      code: 'PB_PLUGIN_SETUP',
      message: expect.stringContaining('test.one'),
    });
  });
});

describe('services', () => {
  test('are provided before they are used, whatever the order of the list; else the order stands', async () => {
    const order: string[] = [];
    const note = (name: string, wiring: Wiring = {}): Plugin =>
      wired(name, {
        ...wiring,
        setup(ctx) {
          order.push(name);
          wiring.setup?.(ctx);
        },
      });
    const user = note('consumer', {
      requires: ['test.one'],
      setup: (ctx) => void order.push(`got ${ctx.use('test.one')?.id}`),
    });
    const provider = note('provider', {
      provides: ['test.one'],
      requires: ['test.two', 'network'],
      setup: (ctx) => ctx.provide('test.one', { id: (ctx.use('test.two')?.id ?? 0) + 1 }),
    });
    const base = note('base', { provides: ['test.two'], setup: (ctx) => ctx.provide('test.two', { id: 1 }) });
    await boot(note('first'), user, note('middle'), provider, base);
    expect(order).toEqual(['first', 'base', 'provider', 'consumer', 'got 2', 'middle']);
  });

  test('that nobody provides stop the boot by name, before any setup', async () => {
    let asked = false;
    const eager = plugin('eager', () => {
      asked = true;
    });
    await expect(boot(eager, wired('consumer', { requires: ['test.one'] }))).rejects.toMatchObject({
      code: 'PB_PLUGIN_REQUIRES',
      plugin: 'consumer',
      message: 'Plugin "consumer" requires the service "test.one", which no plugin provides.',
      hint: 'Add a plugin that provides "test.one" to `plugins`.',
    });
    expect(asked).toBe(false);
  });

  test('in a circle are told as a circle', async () => {
    const one = wired('one', { provides: ['test.one'], requires: ['test.two'] });
    const two = wired('two', { provides: ['test.two'], requires: ['test.one'] });
    await expect(boot(one, two)).rejects.toMatchObject({
      code: 'PB_PLUGIN_REQUIRES',
      message: 'Plugins require each other: one → two → one.',
    });
  });

  test.each([
    [['test.one', 'test.one'], 'Plugins "one" and "two" both provide "test.one".'],
    [['test.one', 'network'], 'Plugins "core" and "two" both provide "network".'],
    [['test.one', 'exec'], 'Plugins "core" and "two" both provide "exec".'],
    [['test.one', 'output'], 'Plugins "core" and "two" both provide "output".'],
  ] as [[ServiceName, ServiceName], string][])('%j provided twice are refused', async ([first, second], message) => {
    const plugins = [wired('one', { provides: [first] }), wired('two', { provides: [second] })];
    await expect(boot(...plugins)).rejects.toMatchObject({ code: 'PB_SERVICE_DUPLICATE', message });
  });

  test('that are optional may be absent', async () => {
    const got: unknown[] = [];
    await boot(wired('consumer', { setup: (ctx) => void got.push(ctx.use('test.one')) }));
    expect(got).toEqual([undefined]);
  });
});

test('a plugin sees its options and fields parsed, and the processes before they exist', async () => {
  const seen: unknown[] = [];
  const typed = definePlugin({
    name: 'typed',
    options: z.object({ every: z.number().default(5) }).default({ every: 5 }),
    fields: z.object({ path: z.string().default('/') }).optional(),
    setup(ctx) {
      seen.push(ctx.options, ctx.fields('web'), ctx.fields('db'), ctx.root);
      seen.push(ctx.processes().map(({ name, phase }) => `${name} ${phase}`));
    },
  });
  const { root } = await testManager({
    plugins: [typed({ every: 7 })],
    processes: {
      web: { command: 'sleep 60', typed: { path: '/health' } },
      db: { command: 'sleep 60' },
    } as object as Record<string, { command: string }>,
  });
  expect(seen).toEqual([{ every: 7 }, { path: '/health' }, undefined, root, ['web stopped', 'db stopped']]);
});

test('a plugin sees the settings of a process as they are in force, defaults and all', async () => {
  let ctx: PluginContext<undefined, undefined, never> | undefined;
  const seen: unknown[] = [];
  const spy = plugin('spy', (context) => {
    ctx = context;
    seen.push(context.settings('web')?.stop);
  });
  const web = { command: 'sleep 60', stop: { grace: 20 } };
  const { manager } = await testManager({ plugins: [spy], processes: { web } });
  expect(seen).toEqual([{ signal: 'SIGTERM', graceMs: 20 }]);
  expect(ctx?.settings('web')).toMatchObject({ name: 'web', command: 'sleep', args: ['60'], autostart: true });
  expect(ctx?.settings('db')).toBeUndefined();
  expect(Object.isFrozen(ctx?.settings('web'))).toBe(true);
  await manager.reload({ plugins: [spy], processes: { db: { ...web, stop: { grace: '3s' } } } });
  expect(ctx?.settings('web')).toBeUndefined();
  expect(ctx?.settings('db')?.stop.graceMs).toBe(3000);
});

test('options that do not fit are a mistake of the config, with their path', async () => {
  const typed = definePlugin({
    name: 'typed',
    options: z.object({ deep: z.object({ every: z.number() }) }),
    fields: z.undefined(),
    setup: () => {},
  });
  const plugins = [typed({ deep: { every: 'x' as never } }) as unknown as Plugin];
  await expect(boot(...plugins)).rejects.toMatchObject({
    code: 'PB_CONFIG_INVALID',
    details: [{ code: 'PB_PLUGIN_OPTIONS', path: expect.stringContaining('deep.every') }],
  });
});

test('two plugins of one name are a mistake of the config', async () => {
  const plugins = [plugin('same', () => {}), plugin('same', () => {})];
  await expect(createManager({ plugins, processes: {} }, { root: '/nonexistent' })).rejects.toMatchObject({
    code: 'PB_CONFIG_INVALID',
    message: expect.stringContaining('same'),
  });
});
