import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@promptbin/core';
import { describe, expect, it, vi } from 'vitest';
import { isAlive } from '../../../test-support/alive.ts';
import { manage } from '../../../test-support/manage.ts';
import { health, plugin } from '../src/index.ts';
import { serve } from './serve.ts';

const server = fileURLToPath(new URL('fixtures/serve.mjs', import.meta.url));
const node = process.execPath;
const stop = { grace: '1s' } as const;

describe('while it starts', () => {
  it('`start` returns when it is ready and not before, and it says meanwhile what is wrong', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: { command: [node, server, '--delay', '1500'], port: 'auto', health: { http: '/health' }, stop },
      },
    });
    await using run = await manage(config);
    const { url, ready } = await run.manager.process('web').start();
    expect(ready).toBe(true);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const reasons = run.eventsOf('process.condition').map(({ value }) => value.message);
    expect(reasons).toContain(`GET ${url}/health answered 503`);
  });

  it('fails as soon as it exits, with its code and its last words', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: { web: { command: 'echo boom >&2; exit 7', shell: true, port: 'auto', health: '/health', stop } },
    });
    await using run = await manage(config);
    const fault: unknown = await run.manager
      .process('web')
      .start()
      .catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({
      code: 'PB_START_FAILED',
      message: 'web has failed: exited with code 7 before it was ready.',
      details: { phase: 'failed', lastExit: { code: 7 }, cause: { evidence: ['boom'] } },
    });
  });

  it('fails at the deadline with what was answered last, and nothing of it is left', async () => {
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
    const web = run.manager.process('web');
    const started = web.start().catch((thrown: unknown) => thrown);
    const { pid } = await web.until('starting');
    await started;
    expect(web.view).toMatchObject({ phase: 'failed', ready: false, cause: { code: 'startTimeout' } });
    expect(web.view.cause?.message).toMatch(
      /not ready after 6 s: .*GET http:\/\/127\.0\.0\.1:\d+\/health answered 503/,
    );
    expect(isAlive(Number(pid))).toBe(false);
    expect(run.eventsOf('process.condition').filter(({ value }) => value.status === 'true')).toEqual([]);
  });

  it('fails at the deadline with what it has not answered, and for how long', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--delay', 'forever'],
          port: 'auto',
          health: { http: '/health', timeout: '1m' },
          ready: { timeout: '3s' },
          stop,
        },
      },
    });
    await using run = await manage(config);
    await expect(run.manager.process('web').start()).rejects.toThrow(
      /not ready after 3 s: .*GET http:\/\/127\.0\.0\.1:\d+\/health has not been answered for \d(\.\d+)? s/,
    );
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

  it('takes no answer from a stranger who has the port at another address', async () => {
    await using stranger = await serve((_, response) => response.end());
    const { port } = stranger;
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--host', '::1', '--status', '500'],
          env: { PORT: String(port) },
          health: { http: '/', port, startup: { failureThreshold: 20 } },
          stop,
        },
      },
    });
    await using run = await manage(config);
    await expect(run.manager.process('web').start()).rejects.toThrow(`GET http://[::1]:${port}/ answered 500`);
    expect(stranger.asked).toEqual([]);
  });

  it('takes another answer than 2xx only when it is told to', async () => {
    const web = { command: [node, server, '--status', '401'] as const, port: 'auto', stop } as const;
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        told: { ...web, health: { http: { path: '/', status: [200, 401] } } },
        untold: { ...web, health: { http: '/', startup: { failureThreshold: 20 } } },
      },
    });
    await using run = await manage(config);
    expect(await run.manager.process('told').start()).toMatchObject({ ready: true });
    await expect(run.manager.process('untold').start()).rejects.toThrow(/answered 401/);
  });

  it('is asked whether it is ready when its startup probe has passed, and not before', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--log', 'requests'],
          port: 'auto',
          health: { startup: { exec: 'test -e migrated', period: '50ms' }, readiness: { http: '/' }, period: '50ms' },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    const started = web.start();
    await web.until(({ conditions }) => conditions.ready.message?.includes('exit') === true);
    expect(await run.marks('requests')).toBe(0);
    await run.write('migrated', '');
    expect(await started).toMatchObject({ ready: true });
    await expect.poll(() => run.marks('requests')).toBeGreaterThan(2);
  });

  it('is not asked whether it is alive, however bad it would look', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--delay', '1500'],
          port: 'auto',
          health: { http: '/', period: '20ms', retries: 0, failureThreshold: 1 },
          stop,
        },
      },
    });
    await using run = await manage(config);
    await run.manager.process('web').start();
    await run.manager.process('web').until(({ healthy }) => healthy === true);
    const healthy = run.eventsOf('process.condition').filter(({ condition }) => condition === 'healthy');
    expect(healthy.map(({ value }) => value.status)).toEqual(['true']);
  });

  it('beside others: each becomes ready for itself, in the order in which they answer', async () => {
    const web = (delay: string) => ({
      command: [node, server, '--fail-file', delay] as const,
      port: 'auto' as const,
      health: { http: '/', startup: { period: '50ms' } } as const,
      stop,
    });
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: { a: web('hold-a'), b: web('hold-b'), c: web('hold-c') },
    });
    await using run = await manage(config, { 'hold-a': '', 'hold-b': '', 'hold-c': '' });
    const all = ['a', 'b', 'c'].map((name) => run.manager.process(name).start());
    for (const name of ['c', 'b', 'a']) {
      await rm(join(run.manager.root, `hold-${name}`));
      await run.manager.process(name).until('ready');
    }
    await Promise.all(all);
    const ready = run.eventsOf('process.condition').filter(({ condition, value }) => {
      return condition === 'ready' && value.status === 'true';
    });
    expect(ready.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });
});

describe('while it runs', () => {
  it('turns unhealthy after the third failure and healthy again after two good answers, and ends nothing', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--fail-file', 'fail', '--log', 'answers'],
          port: 'auto',
          health: { http: '/health', period: '200ms', retries: 0, successThreshold: 2 },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    const fail = join(run.manager.root, 'fail');
    const answers = async (): Promise<string[]> =>
      (await readFile(join(run.manager.root, 'answers'), 'utf8')).trim().split('\n');
    await run.manager.start();
    const { pid } = await web.until(({ healthy }) => healthy === true);
    await writeFile(fail, '');
    const sick = await web.until(({ healthy }) => healthy === false);
    expect(sick).toMatchObject({ phase: 'running', ready: false, pid });
    expect((await answers()).filter((status) => status === '503').length).toBeGreaterThanOrEqual(3);
    const { healthy, ready } = sick.conditions;
    expect(healthy.message).toBe('liveness: HTTP 503 ×3');
    expect(healthy.evidence).toHaveLength(3);
    expect(healthy.failing).toMatchObject({ verdict: 'persistent', failures: 3 });
    expect(healthy.failing?.lastGoodAt).toBeLessThan(Number(healthy.failing?.since));
    expect(ready.message).toBe('readiness: HTTP 503 ×3');
    await rm(fail);
    const well = await web.until(({ healthy, ready }) => healthy === true && ready);
    expect(well.pid).toBe(pid);
    expect(well.conditions.healthy).not.toHaveProperty('failing');
    const seen = await answers();
    expect(seen.length - 1 - seen.lastIndexOf('503')).toBeGreaterThanOrEqual(2);
    const verdicts = run
      .eventsOf('process.condition')
      .flatMap(({ condition, value }) => (condition === 'healthy' ? [value.failing?.verdict ?? value.status] : []));
    expect(verdicts).toEqual(['true', 'transient', 'persistent', 'true']);
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
    await expect.poll(() => run.marks('often')).toBeGreaterThan(10);
    expect(await run.marks('seldom')).toBe(before);
  });

  it('loses its readiness alone when only that fails, and finds it again', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--fail-file', 'fail'],
          port: 'auto',
          health: {
            ...{ period: '100ms', retries: 0 },
            readiness: { http: '/ready', failureThreshold: 2 },
            liveness: { http: '/live', failureThreshold: 1 },
          },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    const { pid } = await web.start();
    await run.put('fail', 'not ready');
    const view = await web.until((now) => now.phase === 'running' && !now.ready && now.healthy === true);
    expect(view.conditions.ready.message).toBe('readiness: HTTP 503 ×2');
    await rm(join(run.manager.root, 'fail'));
    expect(await web.until('ready')).toMatchObject({ pid, generation: 1, phase: 'running' });
    expect(
      run.eventsOf('process.condition').filter(({ value }) => value.status === 'false' && value.failing),
    ).toHaveLength(1);
  });

  it('has never two checks of a kind in flight, and a slow one delays no other kind', async () => {
    // Each leaves a folder while it runs: the second of two would find it there.
    const slow = 'mkdir running && echo $$ >> slow && sleep 0.5 && rmdir running';
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--log', 'answers'],
          port: 'auto',
          health: {
            readiness: { http: '/', period: '20ms' },
            liveness: { exec: { command: slow, shell: true }, period: '20ms', timeout: '30s', retries: 0 },
          },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    await web.start();
    await expect.poll(() => run.marks('slow')).toBeGreaterThan(3);
    expect(run.eventsOf('process.condition').filter(({ value }) => value.failing)).toEqual([]);
    expect(await run.marks('answers')).toBeGreaterThan(2 * (await run.marks('slow')));
  });

  it('leaves nothing of a check behind that is under way when it stops', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: ['sleep', '60'],
          health: { liveness: { exec: { command: 'echo $$ >> pids; sleep 60', shell: true }, timeout: '60s' } },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    await web.start();
    await expect.poll(() => run.marks('pids')).toBe(1);
    const pid = Number(await readFile(join(run.manager.root, 'pids'), 'utf8'));
    expect(isAlive(pid)).toBe(true);
    await web.stop();
    await expect.poll(() => isAlive(pid)).toBe(false);
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

  it('notices a stranger who has taken the port that it has closed', async () => {
    const config = defineConfig({
      plugins: [health({ sample: false })],
      processes: {
        web: {
          command: [node, server, '--close-file', 'close'],
          port: 'auto',
          health: { http: '/', period: '100ms', retries: 0, failureThreshold: 20 },
          stop,
        },
      },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    await run.manager.start();
    const { pid, port } = await web.until(({ healthy }) => healthy === true);
    await run.write('close', '');
    await using _ = await vi.waitFor(() => serve((_, response) => response.end(), port));
    const { conditions, phase, ...view } = await web.until(({ healthy, ready }) => healthy === false && !ready);
    expect([phase, view.pid]).toEqual(['running', pid]);
    expect(conditions.healthy.message).toContain(`port ${port} is held by pid ${process.pid}`);
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

it('is found by configs that name the package', () => {
  expect(plugin).toBe(health);
});
