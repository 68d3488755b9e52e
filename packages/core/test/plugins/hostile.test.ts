import { createManager, type HookName, type Plugin, type PluginContext, type ProcessBase } from '@promptbin/core';
import { describe, expect, test } from 'vitest';
import { isAlive, pidsWithEnvironment } from '../support/alive.ts';
import { plugin } from '../support/plugins.ts';
import { lineWith, testManager } from '../support/project.ts';

// Each hook × each way to misbehave, around a real process. What a guard does is tested beside this; here it is that the
// process starts, is ready, crashes, is decided about and stops all the same.

const hookBudgetMs = 100;
const asyncHooks: readonly HookName[] = ['gate', 'port', 'env', 'beforeStop', 'closing'];
const hooks: readonly HookName[] = [...asyncHooks, 'plan', 'readiness', 'output', 'decide', 'diagnose', 'event'];

interface Misdeed {
  readonly code: string;
  readonly promised: boolean;
  do(): unknown;
}

const spin = (): void => {
  const end = performance.now() + 2 * hookBudgetMs;
  while (performance.now() < end);
};
const misdeeds: Record<string, Misdeed> = {
  throws: {
    code: 'PB_PLUGIN_THREW',
    promised: false,
    do: () => {
      throw new Error('boom');
    },
  },
  rejects: { code: 'PB_PLUGIN_THREW', promised: true, do: () => Promise.reject(new Error('boom')) },
  hangs: { code: 'PB_PLUGIN_TIMEOUT', promised: true, do: () => new Promise(() => {}) },
  'is slow': { code: 'PB_PLUGIN_TIMEOUT', promised: false, do: spin },
  'answers a promise that nobody awaits': { code: 'PB_PLUGIN_NONSENSE', promised: false, do: async () => 'late' },
  'answers nonsense': { code: 'PB_PLUGIN_NONSENSE', promised: false, do: () => 42.5 },
};

const notifying: readonly HookName[] = ['readiness', 'output', 'beforeStop', 'event', 'closing'];
const cases = hooks.flatMap((hook) =>
  Object.entries(misdeeds)
    .filter(([, { promised }]) => !promised || asyncHooks.includes(hook))
    // What a notification answers is not looked at, and no clock is read for a line of output.
    .filter(([how]) => !(how === 'answers nonsense' && notifying.includes(hook)))
    .filter(([how]) => !(how === 'is slow' && hook === 'output'))
    .map(([how, misdeed]) => ({ hook, how, misdeed })),
);

function misbehaving(hook: HookName, { promised, do: misbehave }: Misdeed): Plugin {
  return plugin('bad', (ctx: PluginContext<undefined, undefined, never>) => {
    const facade = ctx.hooks as unknown as Record<HookName, Record<string, (name: string, fn: () => unknown) => void>>;
    facade[hook][promised ? 'tapPromise' : 'tap']?.('bad', misbehave);
  });
}

const web: ProcessBase = {
  command: ['sh', '-c', 'echo up; trap "exit 0" TERM; [ $PROMPTBIN_RUN = 1 ] || exit 3; while :; do sleep 0.02; done'],
  port: 'auto',
  ready: { port: false, log: 'up' },
};

describe('a plugin that', () => {
  test.each(cases)('$how in $hook is blamed, and everything goes on', async ({ hook, misdeed }) => {
    const { manager, events } = await testManager(
      { plugins: [misbehaving(hook, misdeed)], processes: { web } },
      { hookBudgetMs },
    );
    const handle = manager.process('web');
    const first = await handle.start();
    expect(first).toMatchObject({ phase: 'running', ready: true, generation: 1 });
    await handle.stop();
    expect(isAlive(first.pid as number)).toBe(false);
    // The second run ends by itself, so that it is diagnosed and decided about.
    await handle.start().catch(() => undefined);
    expect(await handle.until('failed')).toMatchObject({ lastExit: { code: 3 }, cause: { code: 'exited' } });
    const report = await manager.close();
    expect(report.unstopped).toEqual([]);
    expect(report.faults.length).toBeGreaterThan(0);
    for (const { data } of report.faults) expect(data).toMatchObject({ plugin: 'bad', hook, code: misdeed.code });
    expect(events.filter(({ type }) => type === 'manager.defect')).toEqual([]);
  });
});

test('after five faults a plugin is muted: its vetoes no longer count', async () => {
  let asked = 0;
  const bad = plugin('bad', (ctx) => {
    ctx.hooks.output.tap('bad', () => {
      asked += 1;
      throw new Error('boom');
    });
    ctx.hooks.gate.tap('bad', ({ name }) => (name === 'vetoed' ? { reason: 'never', retryAfterMs: 10 } : undefined));
  });
  const { manager, events } = await testManager({
    plugins: [bad],
    processes: {
      vetoed: { command: 'sleep 60' },
      talking: { command: ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do echo $i; done; exec sleep 60'], autostart: false },
    },
  });
  await manager.start();
  const vetoed = manager.process('vetoed');
  await vetoed.until(({ waitingFor }) => waitingFor?.[0] === 'never');
  const talking = manager.process('talking');
  await talking.start();
  await lineWith(talking, '8');
  expect(asked).toBe(5);
  expect(await vetoed.until('ready')).toMatchObject({ phase: 'running' });
  expect(events.flatMap(({ type, data }) => (type === 'plugin.muted' ? [data] : []))).toEqual([
    { plugin: 'bad', faults: 5, windowMs: 60_000 },
  ]);
  // The lines are kept all the same.
  expect(talking.logs().lines).toHaveLength(8);
});

test('a plugin that drains for ever leaves the process half of its grace to end by itself', async () => {
  const bad = plugin('bad', (ctx) => ctx.hooks.beforeStop.tapPromise('bad', () => new Promise(() => {})));
  const { manager } = await testManager({
    plugins: [bad],
    processes: {
      web: {
        command: ['sh', '-c', 'trap "exit 0" TERM; echo up; while :; do sleep 0.02; done'],
        ready: { log: 'up' },
        stop: { grace: '4s' },
      },
    },
  });
  await manager.process('web').start();
  const receipt = await manager.process('web').stop();
  expect(receipt.killed).toEqual([]);
  expect(receipt.tookMs).toBeGreaterThanOrEqual(2000);
  expect(manager.process('web').view.lastExit).toMatchObject({ code: 0, signal: null });
});

describe('configure: the boot fails and everything is taken back when a plugin', () => {
  const process_ = {
    name: 'web',
    kind: 'service',
    command: 'sleep',
    args: ['60'],
    shell: false,
    cwd: '/',
    env: {},
    dependsOn: {},
    autostart: true,
    ready: { timeoutMs: 1, port: false },
    stop: { signal: 'SIGTERM', graceMs: 1 },
    logs: { maxSizeBytes: 1, maxFiles: 1, ringBytes: 1024 },
    fields: {},
  };
  const answering = (answer: unknown) => () => answer;
  const wrongs: Record<string, () => unknown> = {
    ...Object.fromEntries(Object.entries(misdeeds).map(([how, misdeed]) => [how, misdeed.do])),
    'answers no process where one should be': answering({ root: '/', processes: { web: 5 } }),
    'answers a process without a command': answering({ root: '/', processes: { web: { ...process_, command: '' } } }),
    'answers a process of another name': answering({ root: '/', processes: { web: { ...process_, name: 'db' } } }),
    'answers a circle': answering({
      root: '/',
      processes: {
        a: { ...process_, name: 'a', dependsOn: { b: 'ready' } },
        b: { ...process_, name: 'b', dependsOn: { a: 'ready' } },
      },
    }),
    'answers a dependency on nobody': answering({
      root: '/',
      processes: { web: { ...process_, dependsOn: { db: 'ready' } } },
    }),
  };
  test.each(Object.entries(wrongs))('%s', async (how, misbehave) => {
    const disposed: string[] = [];
    const good = plugin('good', (ctx) => ctx.onDispose(() => void disposed.push('good')));
    const bad = plugin('bad', (ctx) => {
      ctx.onDispose(() => void disposed.push('bad'));
      const fn = misbehave as () => undefined & Promise<undefined>;
      if (how === 'rejects' || how === 'hangs') ctx.hooks.configure.tapPromise('bad', fn);
      else ctx.hooks.configure.tap('bad', fn);
    });
    const marker = `BOOT=${how}-${process.pid}`;
    const booting = testManager(
      { plugins: [good, bad], env: { BOOT: marker.slice(5) }, processes: { web: { command: 'sleep 60' } } },
      { hookBudgetMs },
    );
    await expect(booting).rejects.toMatchObject({ code: 'PB_CONFIGURE_FAILED' });
    expect(disposed).toEqual(['bad', 'good']);
    expect(pidsWithEnvironment(marker)).toEqual([]);
  });

  test('but what it changes well is what runs', async () => {
    const changing = plugin('changing', (ctx) => {
      ctx.hooks.configure.tap('changing', (config) => {
        const web = config.processes.web as NonNullable<(typeof config.processes)[string]>;
        return { ...config, processes: { ...config.processes, extra: { ...web, name: 'extra', args: ['61'] } } };
      });
    });
    const { manager } = await testManager({ plugins: [changing], processes: { web: { command: 'sleep 60' } } });
    await manager.start();
    expect(await manager.process('extra').until('ready')).toMatchObject({ name: 'extra' });
  });
});

test('a plugin cannot change what is told of a process', async () => {
  const { manager, events } = await testManager({
    plugins: [
      plugin('meddler', (ctx) => {
        ctx.hooks.decide.tap('meddler', (view, exit) => {
          (exit as { code: number }).code = 0;
          (view as { phase: string }).phase = 'completed';
          return undefined;
        });
      }),
    ],
    processes: { web: { command: ['sh', '-c', 'exit 5'] } },
  });
  await manager.start();
  expect(await manager.process('web').until('failed')).toMatchObject({ lastExit: { code: 5 } });
  expect(events.some(({ type, data }) => type === 'plugin.fault' && data.hook === 'decide')).toBe(true);
});

test('a config that is no config at all is refused before any plugin is asked', async () => {
  await expect(createManager({ processes: 5 } as never)).rejects.toMatchObject({ code: 'PB_CONFIG_INVALID' });
});
