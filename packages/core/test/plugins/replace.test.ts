import {
  type Config,
  definePlugin,
  type Manager,
  type Plugin,
  type PluginContext,
  type ServiceName,
} from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { plugin } from '../support/plugins.ts';
import { lineWith, testManager } from '../support/project.ts';
import { pluginStepsOf } from '../support/reload.ts';

declare module '@promptbin/core' {
  interface EventMap {
    'replace.said': { by: string };
    'replace.asked': { by: string };
  }
  interface ServiceMap {
    'replace.base': { readonly id: number };
    'replace.extra': { readonly id: number };
  }
}

const caller = { caller: 'test' };
const web = { command: ['sleep', '60'] as const };
const config = (...plugins: Plugin[]): Config => ({ plugins, processes: { web } });

/** Notes in `told` when it is set up and disposed of. */
function noting(
  told: string[],
  name: string,
  wiring: {
    requires?: ServiceName[];
    provides?: ServiceName[];
    setup?(ctx: PluginContext<number, undefined, ServiceName>): void | Promise<void>;
  } = {},
) {
  const { requires = [], provides = [], setup = () => {} } = wiring;
  return definePlugin({
    name,
    requires,
    provides,
    options: z.number().default(0),
    fields: z.undefined(),
    setup(ctx) {
      told.push(`${name} ${ctx.options}`);
      ctx.onDispose(() => void told.push(`${name} ${ctx.options} gone`));
      return setup(ctx as unknown as PluginContext<number, undefined, ServiceName>);
    },
  }) as (options?: number) => Plugin;
}

test('a plugin stays as long as its options and its code are the same', async () => {
  const told: string[] = [];
  const one = noting(told, 'one');
  const { manager } = await testManager(config(one(1)));
  expect(pluginStepsOf(await manager.reload(config(one(1))))).toEqual([]);
  expect(told).toEqual(['one 1']);
  expect(pluginStepsOf(await manager.reload(config(one(2))))).toEqual(['replace one']);
  expect(told).toEqual(['one 1', 'one 1 gone', 'one 2']);
  const reloaded = noting(told, 'one');
  expect(pluginStepsOf(await manager.reload(config(reloaded(2))))).toEqual(['replace one']);
  expect(told).toEqual(['one 1', 'one 1 gone', 'one 2', 'one 2 gone', 'one 2']);
  expect(pluginStepsOf(await manager.reload(config()))).toEqual(['remove one']);
  await manager.close();
  expect(told.at(-1)).toBe('one 2 gone');
  expect(told).toHaveLength(6);
});

test('those who leave are disposed of in reverse before anyone new comes; who stays is left alone', async () => {
  const told: string[] = [];
  const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((name) => noting(told, name));
  const { manager } = await testManager(config(one?.(1) as Plugin, two?.(1) as Plugin, three?.(1) as Plugin));
  told.length = 0;
  const report = await manager.reload(config(four?.(1) as Plugin, one?.(2) as Plugin, two?.(1) as Plugin));
  expect(report.plugins.map(({ action, name }) => `${action} ${name}`)).toEqual([
    'remove three',
    'add four',
    'replace one',
    'keep two',
  ]);
  expect(told).toEqual(['three 1 gone', 'one 1 gone', 'four 1', 'one 2']);
  const status = await manager.call('manager.status', {}, caller);
  expect(status).toMatchObject({ value: { plugins: ['four', 'one', 'two'] } });
});

describe('services', () => {
  const wire = (told: string[]) => ({
    base: noting(told, 'base', {
      provides: ['replace.base'],
      setup: (ctx) => ctx.provide('replace.base', { id: ctx.options }),
    }),
    middle: noting(told, 'middle', {
      requires: ['replace.base'],
      provides: ['replace.extra'],
      setup: (ctx) => ctx.provide('replace.extra', { id: (ctx.use('replace.base')?.id ?? 0) * 10 }),
    }),
    user: noting(told, 'consumer', {
      requires: ['replace.extra'],
      setup: (ctx) => void told.push(`got ${ctx.use('replace.extra')?.id}`),
    }),
    curious: noting(told, 'curious', { setup: (ctx) => void told.push(`perhaps ${ctx.use('replace.base')?.id}`) }),
    other: noting(told, 'other'),
  });

  test('whoever requires one that is replaced, at whatever distance, or has asked for it, is set up again', async () => {
    const told: string[] = [];
    const { base, middle, user, curious, other } = wire(told);
    const rest = [user(), middle(), curious(), other()];
    const { manager } = await testManager(config(...rest, base(1)));
    told.length = 0;
    const report = await manager.reload(config(...rest, base(2)));
    expect(pluginStepsOf(report)).toEqual(['replace base', 'replace middle', 'replace consumer', 'replace curious']);
    expect(told).toEqual([
      'curious 0 gone',
      'consumer 0 gone',
      'middle 0 gone',
      'base 1 gone',
      'base 2',
      'middle 0',
      'consumer 0',
      'got 20',
      'curious 0',
      'perhaps 2',
    ]);
  });

  test('one that goes away while it is required is refused, and everybody stays', async () => {
    const told: string[] = [];
    const { base, middle, curious } = wire(told);
    const { manager } = await testManager(config(base(1), middle(), curious()));
    told.length = 0;
    await expect(manager.reload(config(middle(), curious()))).rejects.toMatchObject({ code: 'PB_PLUGIN_REQUIRES' });
    expect(told).toEqual([]);
    await manager.reload(config(curious()));
    expect(told.slice(-2)).toEqual(['curious 0', 'perhaps undefined']);
  });
});

describe('of a plugin that is gone nothing is left', () => {
  test('no tap, also none that was made late or is on its way, no command, no timer, no voice', async () => {
    const heard: string[] = [];
    let late: PluginContext<undefined, undefined, never> | undefined;
    const old = plugin('one', (ctx) => {
      late = ctx;
      ctx.hooks.output.tap('x', ({ text }) => void heard.push(`old ${text}`));
      ctx.hooks.event.tap('x', ({ type }) => {
        if (type === 'replace.said') heard.push('old event');
        if (type === 'manager.started') ctx.hooks.event.tap('late', () => void heard.push('old late'));
      });
      ctx.clock.after(50, () => void heard.push('old timer'));
      void ctx.clock.sleep(50).then(() => heard.push('old sleep'));
      ctx.command({ name: 'one.say', summary: 'x', effect: 'read', input: z.strictObject({}), run: () => 'old' });
    });
    const next = plugin('one', (ctx) => {
      ctx.command({ name: 'one.say', summary: 'x', effect: 'read', input: z.strictObject({}), run: () => 'new' });
    });
    const talking = { command: ['sh', '-c', 'echo one; exec sleep 60'] as const };
    const { manager, events } = await testManager({ plugins: [old], processes: { web: talking } });
    await manager.process('web').start();
    await lineWith(manager.process('web'), 'one');
    await expect.poll(() => heard).toContain('old one');
    await manager.reload({ plugins: [next], processes: { web: talking } });
    expect(await manager.call('one.say', {}, caller)).toMatchObject({ value: 'new' });
    heard.length = 0;
    late?.emit('replace.said', { by: 'old' });
    late?.request('stop', manager.process('web').view, { code: 'requested', message: 'x', evidence: [] });
    expect(() =>
      late?.command({ name: 'one.more', summary: 'x', effect: 'read', input: z.strictObject({}), run: () => 1 }),
    ).toThrow('disposed');
    await manager.process('web').restart();
    await lineWith(manager.process('web'), 'one');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toEqual([]);
    expect(events.filter(({ type }) => type === 'replace.said')).toEqual([]);
    await manager.reload({ processes: { web: talking } });
    expect(await manager.call('one.say', {}, caller)).toMatchObject({
      ok: false,
      error: { code: 'PB_COMMAND_UNKNOWN' },
    });
  });

  test('a tap that is on its way is not called any more', async () => {
    const asked: string[] = [];
    const first = Promise.withResolvers<void>();
    const slow = plugin('slow', (ctx) => {
      ctx.hooks.gate.tapPromise('x', async () => {
        asked.push('slow');
        await first.promise;
        return undefined;
      });
    });
    const gate = (name: string) => plugin('gate', (ctx) => ctx.hooks.gate.tap('x', () => void asked.push(name)));
    const { manager } = await testManager(config(slow, gate('old')));
    const started = manager.process('web').start();
    await expect.poll(() => asked).toEqual(['slow']);
    await manager.reload(config(slow, gate('new')));
    first.resolve();
    await started;
    // What waits is asked about anew.
    expect(asked).toEqual(['slow', 'slow', 'new']);
  });

  test('one that has been disposed of hears no facts, though the next one takes its time', async () => {
    const heard: string[] = [];
    const slow = Promise.withResolvers<void>();
    const listening = (name: string, ready?: Promise<void>) =>
      plugin('listening', async (ctx) => {
        ctx.hooks.event.tap('x', ({ type }) => void heard.push(`${name} ${type}`));
        ctx.onDispose(() => void heard.push(`${name} gone`));
        await ready;
      });
    const { manager } = await testManager(config(listening('old')));
    const reloading = manager.reload(config(listening('new', slow.promise)));
    await expect.poll(() => heard).toContain('old gone');
    await manager.process('web').start();
    slow.resolve();
    await reloading;
    const { length } = heard.slice(0, heard.indexOf('old gone') + 1);
    expect(heard.slice(length)).toEqual(['new manager.started', 'new config.reloaded']);
  });

  test('lines are made only while a plugin looks at them', async () => {
    const lines: string[] = [];
    const reader = plugin('reader', (ctx) => ctx.hooks.output.tap('x', ({ text }) => void lines.push(text)));
    const talking = { command: ['sh', '-c', 'echo "run $PROMPTBIN_RUN"; exec sleep 60'] as const };
    const { manager } = await testManager({ processes: { web: talking } });
    const run = async (count: number) => {
      await manager.process('web').restart();
      await lineWith(manager.process('web'), `run ${count}`);
    };
    await run(1);
    await manager.reload({ plugins: [reader], processes: { web: talking } });
    await run(2);
    expect(lines).toEqual(['run 2']);
    await manager.reload({ processes: { web: talking } });
    await run(3);
    expect(lines).toEqual(['run 2']);
  });
});

test('opinions come in the order of the new list, and of a plugin that is replaced until the new one is there', async () => {
  const asked: string[] = [];
  const opinion = (name: string, slow?: Promise<void>) =>
    definePlugin({
      name,
      options: z.number(),
      fields: z.undefined(),
      async setup(ctx) {
        ctx.hooks.decide.tap('x', () => void asked.push(`${name} ${ctx.options}`));
        if (ctx.options > 1) await slow;
      },
    });
  const slow = Promise.withResolvers<void>();
  const [one, two] = [opinion('one'), opinion('two', slow.promise)];
  const dying = { command: ['sh', '-c', 'exit 3'] as const };
  const { manager } = await testManager({ plugins: [one(1) as never, two(1) as never], processes: { web: dying } });
  const reloading = manager.reload({ plugins: [two(2) as never, one(1) as never], processes: { web: dying } });
  await manager.process('web').start();
  await manager.process('web').until('failed');
  expect(asked).toEqual(['one 1', 'two 1']);
  slow.resolve();
  await reloading;
  asked.length = 0;
  await manager.process('web').start();
  await manager.process('web').until('failed');
  expect(asked).toEqual(['two 2', 'one 1']);
});

test('a plugin that comes late hears that the manager has started, then that the config was reloaded', async () => {
  const heard: string[] = [];
  const seen: unknown[] = [];
  const late = plugin('late', (ctx) => {
    seen.push(ctx.processes().map(({ name, phase }) => `${name} ${phase}`));
    ctx.hooks.event.tap('x', ({ type }) => {
      heard.push(type);
      seen.push(ctx.processes().map(({ name, phase }) => `${name} ${phase}`));
    });
  });
  const { manager } = await testManager({ processes: { web, old: web } });
  await manager.process('web').start();
  await manager.reload({ plugins: [late], processes: { web, next: { ...web, autostart: false } } });
  expect(heard).toEqual(['manager.started', 'process.removed', 'process.added', 'config.reloaded']);
  expect(seen).toEqual(Array.from({ length: 5 }, () => ['web running', 'next stopped']));
});

test('fields are the very same object as long as they do not differ', async () => {
  const fields: unknown[] = [];
  const typed = definePlugin({
    name: 'typed',
    options: z.undefined(),
    fields: z.object({ every: z.number() }),
    live: true,
    setup: (ctx) =>
      ctx.hooks.event.tap('x', ({ type }) => {
        if (type === 'manager.started' || type === 'config.reloaded') fields.push(ctx.fields('web'));
      }),
  });
  const plugins = [typed() as unknown as Plugin];
  const of = (every: number, grace: number): Config => ({
    plugins,
    processes: { web: { ...web, stop: { grace }, typed: { every } } as never },
  });
  const { manager } = await testManager(of(1, 1));
  await manager.reload(of(1, 2));
  await manager.reload(of(2, 2));
  expect(fields).toHaveLength(3);
  expect(fields[1]).toBe(fields[0]);
  expect(fields[2]).toEqual({ every: 2 });
});

describe('a reload that a plugin fails', () => {
  const restored = async (manager: Manager, told: string[]) => {
    expect(await manager.call('one.say', {}, caller)).toMatchObject({ value: 1 });
    const status = await manager.call('manager.status', {}, caller);
    expect(status).toMatchObject({ value: { plugins: ['one', 'two'] } });
    const { length } = told;
    await manager.reload({ plugins: [], processes: { web } });
    expect(told.slice(length)).toEqual(['two 1 gone', 'one 1 gone']);
  };
  const wire = (
    told: string[],
    spoil: (ctx: PluginContext<number, undefined, ServiceName>) => void | Promise<void>,
  ) => ({
    one: noting(told, 'one', {
      setup: (ctx) => {
        const command = { name: 'one.say', summary: 'x', effect: 'read', input: z.strictObject({}) } as const;
        ctx.command({ ...command, run: () => ctx.options });
      },
    }),
    two: noting(told, 'two', { setup: (ctx) => (ctx.options > 1 ? spoil(ctx) : undefined) }),
  });

  test.each([
    ['in its setup', () => Promise.reject(new Error('no')), 'PB_PLUGIN_SETUP'],
    [
      'in configure',
      (ctx: PluginContext<number, undefined, ServiceName>) =>
        ctx.hooks.configure.tap('x', () => {
          throw new Error('no');
        }),
      'PB_CONFIGURE_FAILED',
    ],
  ])('%s sets up again who had to leave, with the options of before', async (_, spoil, code) => {
    const told: string[] = [];
    const { one, two } = wire(told, spoil);
    const { manager } = await testManager(config(one(1), two(1)));
    told.length = 0;
    await expect(manager.reload(config(one(2), two(2)))).rejects.toMatchObject({ code });
    expect(told).toEqual(['two 1 gone', 'one 1 gone', 'one 2', 'two 2', 'two 2 gone', 'one 2 gone', 'one 1', 'two 1']);
    await restored(manager, told);
  });

  test('and again when the old one is to come back: it is blamed and out, the others go on', async () => {
    let setups = 0;
    const told: string[] = [];
    const flaky = noting(told, 'flaky', {
      setup: () => {
        setups += 1;
        if (setups > 1) throw new Error(`setup ${setups}`);
      },
    });
    const good = noting(told, 'good');
    const { manager, events } = await testManager(config(flaky(1), good(1)));
    await expect(manager.reload(config(flaky(2), good(2)))).rejects.toThrow('setup 2');
    expect(events.filter(({ type }) => type === 'plugin.fault')).toMatchObject([
      {
        data: { plugin: 'flaky', hook: 'setup', code: 'PB_PLUGIN_SETUP', message: expect.stringContaining('setup 3') },
      },
    ]);
    const status = await manager.call('manager.status', {}, caller);
    expect(status).toMatchObject({ value: { plugins: ['good'] } });
    expect(told.at(-1)).toBe('good 1');
  });
});

test('a disposer that hangs is left behind after its time, and the new one is set up all the same', async () => {
  const told: string[] = [];
  const hanging = noting(told, 'one', { setup: (ctx) => ctx.onDispose(() => new Promise(() => {})) });
  const { manager, events } = await testManager(config(hanging(1)));
  await manager.reload(config(hanging(2)));
  expect(told).toEqual(['one 1', 'one 1 gone', 'one 2']);
  expect(events.filter(({ type }) => type === 'plugin.fault')).toMatchObject([
    { data: { plugin: 'one', code: 'PB_PLUGIN_DISPOSE' } },
  ]);
}, 20_000);

test('a plugin that was muted is heard again when it is replaced', async () => {
  let asked = 0;
  const bad = definePlugin({
    name: 'bad',
    options: z.number(),
    fields: z.undefined(),
    setup: (ctx) =>
      ctx.hooks.event.tap('x', ({ type }) => {
        if (type !== 'replace.asked') return;
        asked += 1;
        throw new Error('boom');
      }),
  });
  const asker = plugin('asker', (ctx) => {
    const input = z.strictObject({});
    const run = () => ctx.emit('replace.asked', { by: 'test' });
    ctx.command({ name: 'test.ask', summary: 'x', effect: 'read', input, run });
  });
  const { manager, events } = await testManager(config(bad(1) as never, asker));
  const ask = async () => {
    for (let count = 0; count < 7; count += 1) await manager.call('test.ask', {}, caller);
  };
  await ask();
  expect(asked).toBe(5);
  await manager.reload(config(bad(2) as never, asker));
  await ask();
  expect(asked).toBe(10);
  expect(events.filter(({ type }) => type === 'plugin.muted')).toHaveLength(2);
});

test('a dry run sets up nobody, and says whose changes it does not foresee', async () => {
  const told: string[] = [];
  const one = noting(told, 'one');
  const { manager } = await testManager(config(one(1)));
  const report = await manager.reload(config(one(2)), { dryRun: true });
  expect(pluginStepsOf(report)).toEqual(['replace one']);
  expect(report.summary).toContain('what one may change in the config is not foreseen');
  expect(told).toEqual(['one 1']);
});
