import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, defineConfig } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { type Managed, manage } from '../../../test-support/manage.ts';
import { type HealthFields, health } from '../src/index.ts';

const server = fileURLToPath(new URL('fixtures/serve.mjs', import.meta.url));
const config = (fields: HealthFields | undefined, extra: Pick<Config, 'shared'> = {}): Config =>
  defineConfig({
    plugins: [health({ sample: false })],
    ...extra,
    processes: {
      web: {
        command: [process.execPath, server, '--fail-file', 'fail', '--log', 'requests'],
        port: 'auto',
        ...(fields === undefined ? {} : { health: fields }),
        ready: { timeout: '30s' },
        stop: { grace: '1s' },
      },
    },
  });
const slow = { http: '/health', period: '1h', retries: 0, failureThreshold: 1 } as const;

const requests = async (run: Managed): Promise<number> =>
  (await readFile(join(run.root, 'requests'), 'utf8')).split('\n').length - 1;

async function started(first: Config): Promise<Managed> {
  const run = await manage(first);
  await run.manager.start();
  await run.manager.process('web').until('ready');
  return run;
}

describe('a process that runs', () => {
  it('keeps its pid, and the new period is in force at once', async () => {
    await using run = await started(config(slow));
    const web = run.manager.process('web');
    const { pid } = await web.until(({ healthy }) => healthy === true);
    const report = await run.manager.reload(config({ ...slow, period: '50ms' }));
    expect(report.processes).toEqual([
      { action: 'update', name: 'web', changes: [{ path: 'health.period', from: '1h', to: '50ms' }] },
    ]);
    const before = await requests(run);
    await expect.poll(() => requests(run)).toBeGreaterThan(before + 5);
    await writeFile(join(run.root, 'fail'), '');
    await web.until(({ healthy }) => healthy === false);
    await run.manager.reload(config(slow));
    await rm(join(run.root, 'fail'));
    await run.manager.reload(config({ ...slow, timeout: '3s' }));
    // The first check of the new monitor comes at once, and tells what has turned.
    expect(await web.until(({ healthy, ready }) => healthy === true && ready)).toMatchObject({ pid, generation: 1 });
  });

  it('is checked with the default period that the config shares now', async () => {
    const shared = (seconds: number): Pick<Config, 'shared'> => ({
      shared: { mcp: { health_check_interval: seconds } },
    });
    const { period: _, ...rest } = slow;
    await using run = await started(config(rest, shared(3600)));
    const web = run.manager.process('web');
    const { pid } = await web.until(({ healthy }) => healthy === true);
    await run.manager.reload(config(rest, shared(0.05)));
    const before = await requests(run);
    await expect.poll(() => requests(run)).toBeGreaterThan(before + 5);
    expect(web.view).toMatchObject({ pid, generation: 1 });
  });

  it('is not checked any more when nobody asks for it, and nothing is said of what nobody looks at', async () => {
    await using run = await started(config({ ...slow, period: '50ms' }));
    const web = run.manager.process('web');
    const { pid } = await web.until(({ healthy }) => healthy === true);
    await writeFile(join(run.root, 'fail'), '');
    await web.until(({ healthy, ready }) => healthy === false && !ready);
    await run.manager.reload(config(undefined));
    const view = await web.until(({ healthy, ready }) => healthy === undefined && ready);
    expect(view).toMatchObject({ pid, conditions: { healthy: { reason: 'NotChecked' } } });
    const asked = await requests(run);
    await run.manager.reload(config(slow));
    await web.until(({ healthy }) => healthy === false);
    expect(await requests(run)).toBe(asked + 1);
  });

  it('is told of as other means see it, though they agree, and not at all by means that cannot be asked', async () => {
    const often = { period: '50ms', retries: 0, failureThreshold: 1 } as const;
    await using run = await started(
      config({ ...often, startup: { http: '/' }, readiness: { exec: 'test ! -e fail' } }),
    );
    const web = run.manager.process('web');
    const { pid } = web.view;
    await run.write('fail', '');
    const messageOf = async (message: string) =>
      (await web.until(({ conditions, ready }) => !ready && conditions.ready.message?.includes(message) === true)).pid;
    await messageOf('exit code 1');
    await run.manager.reload(config({ ...often, startup: { http: '/' }, readiness: { heartbeat: 'beat' } }));
    expect(await messageOf('no heartbeat yet')).toBe(pid);
    // It was spawned without the descriptor.
    await run.manager.reload(config({ ...often, startup: { http: '/' }, readiness: { notify: true } }));
    const { conditions } = await web.until('ready');
    expect(conditions.ready).toMatchObject({ status: 'true', reason: 'NotChecked' });
    expect(conditions.ready.message).toBeUndefined();
    expect(web.view.pid).toBe(pid);
  });

  it('is checked by a plugin that comes late, and not by one that is gone', async () => {
    const { processes } = config(undefined);
    await using run = await started({ processes });
    const web = run.manager.process('web');
    const { pid } = web.view;
    await run.manager.reload(config({ ...slow, period: '50ms' }));
    await web.until(({ healthy }) => healthy === true);
    await run.manager.reload({ processes });
    expect(await web.until(({ healthy }) => healthy === undefined)).toMatchObject({ pid, generation: 1, ready: true });
  });
});

describe('a process that starts', () => {
  it('is asked what the config says now, and becomes ready without beginning anew', async () => {
    const often = { period: '50ms', startup: { period: '50ms' } } as const;
    await using run = await manage(config({ ...often, http: { path: '/health', status: [418] } }));
    const web = run.manager.process('web');
    await run.manager.start();
    await web.until(({ phase, conditions }) => phase === 'starting' && conditions.ready.message !== undefined);
    const { pid } = web.view;
    await run.manager.reload(config({ ...often, http: '/health' }));
    expect(await web.until('ready')).toMatchObject({ pid, generation: 1 });
  });
});
