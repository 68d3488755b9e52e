import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { manage } from '../../../test-support/manage.ts';
import { health, plugin } from '../src/index.ts';
import { serve } from './serve.ts';

const server = fileURLToPath(new URL('fixtures/serve.mjs', import.meta.url));
const node = process.execPath;
const stop = { grace: '1s' } as const;

describe('while it starts', () => {
  it('is ready at the first good answer, and says meanwhile what is wrong', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: { command: [node, server, '--delay', '1500'], port: 'auto', health: { http: '/health' }, stop },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    const { url } = await run.manager.process('web').until('ready');
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const reasons = run.eventsOf('process.condition').map(({ value }) => value.message);
    expect(reasons).toContain(`GET ${url}/health answered 503`);
  });

  it('fails at the deadline with what was answered last', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--delay', '60000'],
          port: 'auto',
          health: '/health',
          ready: { timeout: '6s' },
          stop,
        },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    const { cause, ready } = await run.manager.process('web').until('failed');
    expect(ready).toBe(false);
    expect(cause?.code).toBe('startTimeout');
    expect(cause?.message).toMatch(/not ready after 6 s: .*GET http:\/\/127\.0\.0\.1:\d+\/health answered 503/);
  });

  it('takes no answer from a stranger on the port', async () => {
    await using stranger = await serve((_, response) => response.end());
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: ['sleep', '60'],
          health: { http: '/health', port: stranger.port, startup: { failureThreshold: 3 } },
          stop,
        },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain(`port ${stranger.port} is held by pid ${process.pid}`);
    expect(stranger.asked).toEqual([]);
  });

  it('fails at once when there is no port to ask', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: { web: { command: ['sleep', '60'], health: '/health', stop } },
    });
    await using run = await manage(config);
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain('there is no port to check: give web a "port", or one to "health"');
  });
});

describe('while it runs', () => {
  it('turns unhealthy after the third failure and healthy again, and ends nothing by itself', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--fail-file', 'fail'],
          port: 'auto',
          health: { http: '/health', period: '200ms', retries: 0, successThreshold: 2 },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    const fail = join(run.manager.root, 'fail');
    await run.manager.start();
    const { pid } = await web.until(({ healthy }) => healthy === true);
    await writeFile(fail, '');
    const sick = await web.until(({ healthy }) => healthy === false);
    expect(sick).toMatchObject({ phase: 'running', ready: false, pid });
    expect(sick.conditions.healthy.message).toBe('liveness: HTTP 503 ×3');
    expect(sick.conditions.healthy.evidence).toHaveLength(3);
    expect(sick.conditions.ready.message).toBe('readiness: HTTP 503 ×3');
    await rm(fail);
    const well = await web.until(({ healthy, ready }) => healthy === true && ready);
    expect(well.pid).toBe(pid);
  });

  it('checks as often as the config shares, where a process says nothing', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      shared: { mcp: { health_check_interval: 0.05 } },
      processes: {
        web: { command: [node, server, '--log', 'often'], port: 'auto', health: '/health', stop },
        own: {
          command: [node, server, '--log', 'seldom'],
          port: 'auto',
          health: { http: '/health', period: '1h' },
          stop,
        },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('own').until(({ healthy }) => healthy === true);
    const before = await run.marks('seldom');
    await expect.poll(() => run.marks('often'), { timeout: 30_000 }).toBeGreaterThan(10);
    expect(await run.marks('seldom')).toBe(before);
  });

  it('loses its readiness alone when only that fails', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server],
          port: 'auto',
          health: {
            period: '100ms',
            retries: 0,
            startup: { http: '/' },
            readiness: { http: { path: '/', status: [418] }, failureThreshold: 2 },
            liveness: { http: '/' },
          },
          stop,
        },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    const web = run.manager.process('web');
    const view = await web.until((now) => now.phase === 'running' && !now.ready && now.healthy === true);
    expect(view.conditions.ready.message).toBe('readiness: HTTP 200 ×2');
    expect(view.generation).toBe(1);
  });

  it('notices a process that hangs', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server],
          port: 'auto',
          health: { http: '/health', period: '100ms', timeout: '500ms', failureThreshold: 2 },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    await run.manager.start();
    const { pid } = await web.until(({ healthy }) => healthy === true);
    process.kill(pid ?? 0, 'SIGSTOP');
    const view = await web.until(({ healthy }) => healthy === false);
    process.kill(pid ?? 0, 'SIGCONT');
    expect(view.conditions.healthy.message).toBe('liveness: no answer within 0.5 s ×2');
  });

  it('begins anew with each incarnation', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: { command: [node, server], port: 'auto', health: { http: '/health', period: '100ms' }, stop },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    await run.manager.start();
    await web.until(({ healthy }) => healthy === true);
    await web.restart();
    await web.until(({ healthy, generation }) => generation === 2 && healthy === true);
    const healthy = run.eventsOf('process.condition').filter(({ condition }) => condition === 'healthy');
    expect(healthy.map(({ generation, value }) => [generation, value.status])).toEqual([
      [1, 'true'],
      [2, 'true'],
    ]);
  });
});

it('asks nothing of a process that is on its way down', async () => {
  const config = defineConfig({
    plugins: [health({ sample: false })],
    processes: {
      web: {
        command: [node, server, '--log', 'requests'],
        port: 'auto',
        health: { http: '/health', period: '20ms' },
        stop: { grace: '20s' },
      },
    },
  });
  await using run = await manage(config);
  const web = run.manager.process('web');
  await run.manager.start();
  await web.until(({ healthy }) => healthy === true);
  await web.stop();
  const lines = (await readFile(join(run.manager.root, 'requests'), 'utf8')).trim().split('\n');
  expect(lines.length).toBeGreaterThan(2);
  // One may have been on its way.
  expect(lines.slice(lines.indexOf('SIGTERM') + 1).length).toBeLessThanOrEqual(1);
});

it('samples the whole tree', async () => {
  const config = defineConfig({
    plugins: [health({ sample: { period: '300ms' } })],
    processes: { web: { command: `sleep 60 & sleep 60`, shell: true, stop } },
  });
  await using run = await manage(config);
  await run.manager.start();
  await expect.poll(() => run.eventsOf('process.sample').at(-1)?.processes, { timeout: 20_000 }).toBe(3);
  expect(run.eventsOf('process.sample')[0]?.memoryBytes).toBeGreaterThan(100_000);
});

it('is found by configs that name the package', () => {
  expect(plugin).toBe(health);
});
