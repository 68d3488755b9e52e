import { defineConfig } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { manage } from '../../../../test-support/manage.ts';
import { plugin, retries } from '../../../core/test/support/plugins.ts';
import { health } from '../../src/index.ts';
import { linesOf, metricsOf } from './scrape.ts';

const node = process.execPath;
const stop = { grace: '1s' } as const;
const serves: [string, ...string[]] = [
  node,
  '-e',
  'require("node:http").createServer((_, response) => response.end()).listen(process.env.PORT, "127.0.0.1")',
];
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 40_000 });

describe('the numbers', () => {
  it('tell of a service what it is, how it started, was checked, and what it uses', async () => {
    const config = defineConfig({
      plugins: [health({ sample: { period: 200 } })],
      processes: { web: { command: serves, port: 'auto', stop, health: { http: '/', period: 100 } } },
    });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('web').until(({ healthy, ready }) => healthy === true && ready);
    await eventually(() => run.eventsOf('process.sample').length).toBeGreaterThan(0);
    const { summary, processes } = await metricsOf(run.manager);
    expect(summary).toBe('1 of 1 processes up, 1 ready; 0 restarts; 0 plugin faults');
    const { web } = processes;
    expect(web).toMatchObject({ up: true, ready: true, healthy: true, processes: 1, restarts: {}, exits: {} });
    expect(web?.starts).toMatchObject({ count: 1 });
    expect(web?.starts?.meanSec).toBeGreaterThan(0.005);
    expect(web?.memoryBytes).toBeGreaterThan(2 ** 20);
    // A check that came before the server was there has failed.
    const passed = web?.probes.filter(({ outcome }) => outcome === 'passed').map(({ probe, means }) => [probe, means]);
    expect(passed).toContainEqual(['startup', 'http']);
    expect(passed).toContainEqual(['liveness', 'http']);
    const lines = await linesOf(run.manager);
    expect(lines).toContain('promptbin_process_up{process="web"} 1');
    expect(lines).toContain('promptbin_process_start_duration_seconds_count{process="web"} 1');
    expect(lines.filter((line) => line.startsWith('promptbin_process_cpu_ratio{process="web"}'))).toHaveLength(1);
  });

  it('count restarts and exits by cause', async () => {
    const config = defineConfig({
      plugins: [retries(0, 0), health()],
      processes: {
        bad: { command: ['sh', '-c', 'exit 3'] },
        web: { command: 'sleep 60', stop },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('bad').until('failed');
    await run.manager.process('web').restart();
    await run.manager.process('web').stop();
    const { processes, summary } = await metricsOf(run.manager);
    expect(processes).toMatchObject({
      bad: { up: false, restarts: { exited: 2 }, exits: { exited: 3 } },
      web: { up: false, restarts: { requested: 1 }, exits: { requested: 2 } },
    });
    expect(summary).toContain('3 restarts');
    expect(await linesOf(run.manager, 'promptbin_process_restarts_total')).toEqual([
      'promptbin_process_restarts_total{process="bad",cause="exited"} 2',
      'promptbin_process_restarts_total{process="web",cause="requested"} 1',
    ]);
  });

  it('count the faults of plugins', async () => {
    const broken = plugin('broken', (ctx) => {
      ctx.hooks.gate.tap('gate', () => {
        throw new Error('broken');
      });
    });
    const config = defineConfig({ plugins: [broken, health()], processes: { web: { command: 'sleep 60', stop } } });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('web').until('ready');
    expect((await metricsOf(run.manager)).pluginFaults).toEqual({ broken: 1 });
  });

  it('are gone with a process that was removed', async () => {
    const plugins = [health({ sample: { period: 100 } })] as const;
    const web = { command: serves, port: 'auto', stop, health: { http: '/', period: 50 } } as const;
    await using run = await manage(defineConfig({ plugins, processes: { web, other: { command: 'sleep 60', stop } } }));
    await run.manager.start();
    await run.manager.process('web').until('ready');
    await run.manager.process('web').restart();
    const about = async () => (await linesOf(run.manager)).filter((line) => line.includes('process="web"'));
    expect((await about()).length).toBeGreaterThan(20);
    await run.manager.reload(defineConfig({ plugins, processes: { other: { command: 'sleep 60', stop } } }));
    expect(await about()).toEqual([]);
    expect(await linesOf(run.manager, 'promptbin_process_up{')).toEqual(['promptbin_process_up{process="other"} 1']);
  });

  it('of two managers in one Node process do not mix', async () => {
    const config = (name: string) =>
      defineConfig({ plugins: [health()], processes: { [name]: { command: ['sh', '-c', 'exit 1'] } } });
    await using one = await manage(config('one'));
    await using two = await manage(config('two'));
    for (const [{ manager }, name] of [
      [one, 'one'],
      [two, 'two'],
    ] as const) {
      await manager.start();
      await manager.process(name).until('failed');
    }
    expect(await linesOf(one.manager, 'promptbin_process_exits_total')).toEqual([
      'promptbin_process_exits_total{process="one",cause="exited"} 1',
    ]);
    expect(Object.keys((await metricsOf(two.manager)).processes)).toEqual(['two']);
  });

  it('tell the delay of the event loop from the second look on', async () => {
    await using run = await manage(defineConfig({ plugins: [health()], processes: {} }));
    expect((await metricsOf(run.manager)).manager.eventLoopDelaySec).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const end = performance.now() + 150;
    while (performance.now() < end);
    await eventually(async () => (await metricsOf(run.manager)).manager.eventLoopDelaySec?.['1'] ?? 0).toBeGreaterThan(
      0,
    );
  });
});
