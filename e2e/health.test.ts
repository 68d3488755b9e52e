import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, defineConfig } from '@promptbin/core';
import { type HealthFields, health } from '@promptbin/plugin-health';
import { restart } from '@promptbin/plugin-restart';
import { expect, test } from 'vitest';
import { isAlive } from '../test-support/alive.ts';
import { manage } from '../test-support/manage.ts';

const server = fileURLToPath(new URL('../packages/plugin-health/test/fixtures/serve.mjs', import.meta.url));

const config = (fields: HealthFields, args: readonly string[] = []): Config =>
  defineConfig({
    plugins: [health({ sample: false }), restart({ backoff: { initial: '100ms', jitter: 'none' } })],
    processes: {
      web: {
        command: [process.execPath, server, '--fail-file', 'fail', ...args],
        port: 'auto',
        health: fields,
        stop: { grace: '1s' },
      },
    },
  });

test('a process that is not alive is restarted after the third failure, and the cause says so', async () => {
  await using run = await manage(config({ http: '/', period: '100ms', retries: 0 }));
  const web = run.manager.process('web');
  const { pid } = await web.start();
  await web.until(({ healthy }) => healthy === true);
  // One failure, then a success: nothing comes of it.
  await run.write('fail', '');
  await web.until(({ conditions }) => conditions.healthy.failing?.verdict === 'transient');
  await rm(join(run.root, 'fail'));
  expect(await web.until(({ conditions }) => conditions.healthy.failing === undefined)).toMatchObject({ pid });

  await run.write('fail', '');
  await web.until(({ phase }) => phase === 'backoff' || phase === 'waiting');
  await rm(join(run.root, 'fail'));
  expect(await web.until((view) => view.generation === 2 && view.ready)).toMatchObject({ restarts: 1 });
  expect(isAlive(Number(pid))).toBe(false);
  const [exited] = run.eventsOf('process.exited');
  expect(exited?.exit).toMatchObject({ condemned: true, cause: { code: 'unhealthy' } });
  expect(exited?.exit.cause.message).toContain('liveness: HTTP 503 ×3');
  expect(exited?.exit.cause.evidence).toHaveLength(3);
});

test('one that was ready for long before each time is not given up, however often it becomes unhealthy', async () => {
  // For a while after the first question, however long it took to come up.
  const turnsBad =
    'let until; require("http").createServer((_, response) => { until ??= Date.now() + 2000;' +
    ' response.writeHead(Date.now() < until ? 200 : 503).end(); }).listen(process.env.PORT, "127.0.0.1");';
  const settings = { resetAfter: '200ms', maxRestarts: 2, window: '500ms', backoff: { initial: '20ms' } } as const;
  const web = {
    command: [process.execPath, '-e', turnsBad],
    port: 'auto',
    stop: { grace: '1s' },
    // Readiness is lost at the same check: that must not hide how long it was there.
    health: { http: '/', period: '50ms', retries: 0 },
    restart: settings,
  } as const;
  await using run = await manage(defineConfig({ plugins: [health({ sample: false }), restart()], processes: { web } }));
  await run.manager.start();
  await run.manager.process('web').until(({ generation, ready }) => generation === 5 && ready);
  expect(run.eventsOf('process.retry').map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
});

test('what fails only while it starts is not killed for it', async () => {
  const fields = { http: '/', period: '50ms', retries: 0, failureThreshold: 1 } as const;
  await using run = await manage(config(fields, ['--delay', '2000']));
  const web = run.manager.process('web');
  expect(await web.start()).toMatchObject({ generation: 1, ready: true });
  expect(await web.until(({ healthy }) => healthy === true)).toMatchObject({ generation: 1, restarts: 0 });
});

test('what is not ready any more is left to run, and is ready again', async () => {
  const fields = {
    period: '100ms',
    retries: 0,
    failureThreshold: 1,
    readiness: { http: '/ready' },
    liveness: { http: '/live' },
  } as const;
  await using run = await manage(config(fields));
  const web = run.manager.process('web');
  const { pid } = await web.start();
  await run.put('fail', 'not ready');
  await web.until(({ phase, ready, healthy }) => phase === 'running' && !ready && healthy === true);
  await rm(join(run.root, 'fail'));
  expect(await web.until('ready')).toMatchObject({ pid, restarts: 0 });
});

test('a process that eats memory is restarted when it is over its limit', async () => {
  // The second run finds the file of the first one, and is modest.
  const eats =
    'import os, time\nif not os.path.exists("fed"):\n  open("fed", "w"); hoard = bytearray(200 << 20)\ntime.sleep(60)';
  const fields: HealthFields = { memory: { max: '100mb', for: '1s' } };
  await using run = await manage(
    defineConfig({
      plugins: [health(), restart({ backoff: { initial: '100ms', jitter: 'none' } })],
      processes: { web: { command: ['python3', '-c', eats], health: fields, stop: { grace: '1s' } } },
    }),
  );
  const web = run.manager.process('web');
  const { pid } = await web.start();
  expect(await web.until((view) => view.generation === 2 && view.ready)).toMatchObject({ restarts: 1 });
  expect(isAlive(Number(pid))).toBe(false);
  expect(run.eventsOf('process.limitWarning')).toMatchObject([{ name: 'web', generation: 1, resource: 'memory' }]);
  const [exited] = run.eventsOf('process.exited');
  expect(exited?.exit).toMatchObject({ condemned: true, cause: { code: 'limitExceeded' } });
  expect(exited?.exit.cause.message).toMatch(/^memory \d+(\.\d)? MB of 100 MB for 1/);
});
