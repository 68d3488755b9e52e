import { defineConfig, type GetResult } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { type Managed, manage } from '../../../../test-support/manage.ts';
import { health } from '../../src/index.ts';
import type { ResourcesGetResult } from '../../src/resources/command.ts';

const node = process.execPath;
const caller = { caller: 'test' };
const stop = { grace: '1s' } as const;

/** Takes memory until it has so much, and keeps it. */
const eats = (megabytes: number): [string, ...string[]] => [
  node,
  '-e',
  `const held = []; setInterval(() => { if (held.length < ${megabytes / 10}) held.push(Buffer.alloc(10 * 2 ** 20, 1)); }, 20)`,
];
const burns: [string, ...string[]] = [node, '-e', 'for (;;);'];
const idles: [string, ...string[]] = [node, '-e', 'setInterval(() => {}, 1000)'];

/** On a busy machine it may take a while. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 40_000 });

async function resourcesOf({ manager }: Managed, name: string, minutes = 60): Promise<ResourcesGetResult> {
  const answer = await manager.call('resources.get', { name, minutes }, caller);
  expect(answer.ok).toBe(true);
  return (answer as unknown as { value: ResourcesGetResult }).value;
}

describe('readings', () => {
  it('are of the whole tree, and part of the status', async () => {
    const config = defineConfig({
      plugins: [health({ sample: { period: 200 } })],
      processes: { web: { command: ['sh', '-c', 'sleep 60 & sleep 60 & wait'], stop } },
    });
    await using run = await manage(config);
    await run.manager.start();
    await eventually(() => run.eventsOf('process.sample').at(-1)?.processes).toBe(3);
    const sample = run.eventsOf('process.sample').at(-1);
    expect(sample).toMatchObject({ name: 'web', generation: 1 });
    expect(sample?.memoryBytes).toBeGreaterThan(2 ** 20);
    const { cpuPercent, memoryBytes, processes, ...more } = { ...sample };
    const linux = { threads: 3, descriptors: expect.any(Number) };
    expect(more).toMatchObject(process.platform === 'linux' ? linux : {});
    const answer = await run.manager.call('process.get', { name: 'web' }, caller);
    const { resources } = (answer as unknown as { value: GetResult }).value;
    expect(Object.keys(resources ?? {})).toEqual(
      process.platform === 'linux'
        ? ['cpuPercent', 'memoryBytes', 'processes', 'threads', 'descriptors']
        : ['cpuPercent', 'memoryBytes', 'processes'],
    );
  });

  it('are not taken of a process without limits when samples are off', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        plain: { command: idles, stop },
        limited: { command: idles, stop, health: { memory: { max: '1gb', for: '1s' } } },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    await eventually(() => run.eventsOf('process.sample').length).toBeGreaterThan(1);
    expect(new Set(run.eventsOf('process.sample').map(({ name }) => name))).toEqual(new Set(['limited']));
    expect((await resourcesOf(run, 'plain')).summary).toBe('plain is not running or has not been read yet');
  });
});

describe('the history', () => {
  it('goes on over a restart, and tells now, limits and the last hour', async () => {
    const config = defineConfig({
      plugins: [health({ sample: { period: 200 } })],
      processes: { web: { command: idles, stop, health: { cpu: { max: 90 } } } },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    const sampled = (generation: number) =>
      eventually(() => run.eventsOf('process.sample').some((one) => one.generation === generation)).toBe(true);
    await run.manager.start();
    await sampled(1);
    const first = await resourcesOf(run, 'web', 1);
    expect(first.history[0]).toMatchObject({ generation: 1, processes: 1 });
    expect(Math.abs(Date.parse(first.history[0]?.at ?? '') - Date.now())).toBeLessThan(60_000);
    expect(first).toMatchObject({ resolutionSec: 15, limits: { cpu: { max: 90, forMs: 30_000 } } });
    await web.restart();
    const between = await resourcesOf(run, 'web');
    expect(between.history.length).toBeGreaterThan(0);
    await sampled(2);
    const second = await resourcesOf(run, 'web');
    expect(second.history.at(-1)?.generation).toBe(2);
    const [begin, beginBefore] = [second, first].map(({ history }) => Date.parse(history[0]?.at ?? ''));
    expect(Math.abs((begin ?? 0) - (beginBefore ?? 0))).toBeLessThan(1000);
    expect(second.summary).toMatch(
      /^web uses [\d.]+ % CPU and [\d.]+ MB in 1 process; in the last 60 min at most [\d.]+ % and [\d.]+ MB$/,
    );
    await web.stop();
    expect((await resourcesOf(run, 'web')).now).toBeUndefined();
  });

  it('is gone with a process that was removed, and unknown names are refused', async () => {
    const plugins = [health({ sample: { period: 100 } })] as const;
    const web = { command: idles, stop };
    const both = defineConfig({ plugins, processes: { web, other: web } });
    await using run = await manage(both);
    await run.manager.start();
    await eventually(async () => (await resourcesOf(run, 'web')).history.length).toBeGreaterThan(0);
    await run.manager.reload(defineConfig({ plugins, processes: { other: web } }));
    expect(await run.manager.call('resources.get', { name: 'web' }, caller)).toMatchObject({
      ok: false,
      error: { code: 'PB_PROCESS_UNKNOWN' },
    });
    await run.manager.reload(both);
    await run.manager.start();
    expect((await resourcesOf(run, 'web')).history.every(({ generation }) => generation === 1)).toBe(true);
  });
});

describe('limits', () => {
  it('a process that eats memory is warned about, then over its limit, once, and goes on', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: { web: { command: eats(300), stop, health: { memory: { max: '200mb', for: '1s' } } } },
    });
    await using run = await manage(config);
    await run.manager.start();
    await eventually(() => run.eventsOf('process.limitExceeded').length).toBe(1);
    const said = run.events.filter(({ type }) => type.startsWith('process.limit')).map(({ type }) => type);
    expect(said).toEqual(['process.limitWarning', 'process.limitExceeded']);
    const [exceeded] = run.eventsOf('process.limitExceeded');
    expect(exceeded).toMatchObject({ name: 'web', generation: 1, resource: 'memory', max: 200 * 2 ** 20, forMs: 1000 });
    expect(exceeded?.value).toBeGreaterThan(200 * 2 ** 20);
    const before = run.eventsOf('process.sample').length;
    await eventually(() => run.eventsOf('process.sample').length).toBeGreaterThan(before + 1);
    expect(run.eventsOf('process.limitExceeded')).toHaveLength(1);
    expect(run.manager.process('web').view.phase).toBe('running');
  });

  it('a process that burns CPU is over its limit, and so is its next incarnation', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: { web: { command: burns, stop, health: { cpu: { max: 5, for: '1s' } } } },
    });
    await using run = await manage(config);
    const exceeded = (count: number) => eventually(() => run.eventsOf('process.limitExceeded').length).toBe(count);
    await run.manager.start();
    await exceeded(1);
    await run.manager.process('web').restart();
    await exceeded(2);
    const said = run.eventsOf('process.limitExceeded').map(({ generation, resource }) => [generation, resource]);
    expect(said).toEqual([
      [1, 'cpu'],
      [2, 'cpu'],
    ]);
  });

  it('a limit that a reload brings holds for the process that runs', async () => {
    const plugins = [health({ sample: false })] as const;
    const before = defineConfig({ plugins, processes: { web: { command: burns, stop } } });
    await using run = await manage(before);
    await run.manager.start();
    await run.manager.process('web').until('ready');
    const web = { command: burns, stop, health: { cpu: { max: 5, for: '1s' } } } as const;
    await run.manager.reload(defineConfig({ plugins, processes: { web } }));
    await eventually(() => run.eventsOf('process.limitExceeded').length).toBe(1);
    expect(run.eventsOf('process.spawned')).toHaveLength(1);
  });
});
