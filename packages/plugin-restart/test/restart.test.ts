import { fileURLToPath } from 'node:url';
import { type Cause, defineConfig, definePlugin, type Plugin } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { manage } from '../../../test-support/manage.ts';
import { plugin, restart } from '../src/index.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const crash = ['sh', fixture('crash.sh'), 'marks'] as const;
const serve = ['sh', fixture('serve.sh'), 'marks'] as const;
const quick = { initial: 20, max: 80, jitter: 'none' } as const;

describe('after a crash', () => {
  it('retries with growing delays, then gives up with the reason', async () => {
    const config = defineConfig({
      plugins: [restart({ backoff: { initial: 50, max: 200, jitter: 'none' } })],
      processes: { web: { command: crash } },
    });
    await using run = await manage(config);
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');

    const spawnedAt = run.events.flatMap(({ type, at }) => (type === 'process.spawned' ? [at] : []));
    const gaps = spawnedAt.slice(1).map((at, index) => at - (spawnedAt[index] ?? 0));
    expect(run.eventsOf('process.retry').map(({ delayMs }) => delayMs)).toEqual([50, 100, 200, 200, 200]);
    expect(gaps).toHaveLength(5);
    // Event times are whole ms.
    for (const [index, delayMs] of [50, 100, 200, 200, 200].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(delayMs - 1);
    }
    expect(await run.marks('marks')).toBe(1 + 5);
    expect(cause?.code).toBe('crashLoop');
    expect(cause?.message).toMatch(/^5 restarts in [\d.]+ s, limit 5 in 60 s$/);
    expect(cause?.evidence[0]).toContain('exited with code 1');
    expect(cause?.evidence).toContain('boom');
  });

  it('has a fresh budget after an explicit start', async () => {
    const config = defineConfig({
      plugins: [restart({ maxRestarts: 2, backoff: quick })],
      processes: { web: { command: crash } },
    });
    await using run = await manage(config);
    const web = run.manager.process('web');
    await run.manager.start();
    await web.until('failed');
    expect(await run.marks('marks')).toBe(3);
    await web.start();
    await web.until('failed');
    expect(await run.marks('marks')).toBe(6);
    expect(run.eventsOf('process.retry').map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2]);
  });

  it.each([
    ['the threshold that the config shares is the default', {}, {}, 2],
    ['the plugin wins over it', { maxRestarts: 1 }, {}, 1],
    ['the process wins over both', { maxRestarts: 1 }, { restart: { maxRestarts: 3 } }, 3],
  ])('how often it is tried again: %s', async (_, options, fields, restarts) => {
    const config = defineConfig({
      plugins: [restart({ backoff: quick, ...options })],
      shared: { mcp: { restart_threshold: 2 } },
      processes: { web: { command: crash, ...fields } },
    });
    await using run = await manage(config);
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toContain(`limit ${restarts} in`);
    expect(await run.marks('marks')).toBe(1 + restarts);
  });

  it('stays down when it is stopped before the next try', async () => {
    const config = defineConfig({
      plugins: [restart({ backoff: { initial: 300, jitter: 'none' } })],
      processes: { web: { command: crash }, other: { command: ['sleep', '0.9'], kind: 'job' } },
    });
    await using run = await manage(config);
    await run.manager.start(['web']);
    await run.manager.process('web').until('backoff');
    await run.manager.process('web').stop();
    // Three times the delay passes.
    await run.manager.process('other').start();
    expect(run.manager.process('web').view.phase).toBe('stopped');
    expect(await run.marks('marks')).toBe(1);
  });
});

describe('policy', () => {
  it('on-failure leaves a success alone, always does not', async () => {
    const config = defineConfig({
      plugins: [restart({ backoff: quick })],
      processes: {
        once: { command: ['sh', fixture('crash.sh'), 'once', '0'] },
        again: { command: ['sh', fixture('crash.sh'), 'again', '0'], restart: 'always' },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('again').until('failed');
    await run.manager.process('once').until('completed');
    expect(await run.marks('once')).toBe(1);
    expect(await run.marks('again')).toBe(1 + 5);
  });

  it('runs a job again only when the job says so', async () => {
    const command = (marks: string) => ['sh', fixture('crash-then-ok.sh'), marks, '2'] as const;
    const config = defineConfig({
      plugins: [restart({ backoff: quick })],
      processes: {
        plain: { command: command('plain'), kind: 'job' },
        keyed: { command: command('keyed'), kind: 'job', restart: 'on-failure' },
      },
    });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('keyed').until('completed');
    await run.manager.process('plain').until('failed');
    expect(await run.marks('plain')).toBe(1);
    expect(await run.marks('keyed')).toBe(3);
  });
});

describe('an unhealthy process', () => {
  /** States that every process of its first generation is unhealthy, as soon as it runs. */
  const pessimist: () => Plugin<'pessimist'> = definePlugin({
    name: 'pessimist',
    options: z.undefined(),
    fields: z.undefined(),
    setup(ctx) {
      ctx.hooks.event.tap('judge', ({ type, data }) => {
        if (type !== 'process.phase' || data.to !== 'running' || data.generation > 1) return;
        const process = ctx.processes().find(({ name }) => name === data.name);
        const message = 'liveness: HTTP 503 ×3';
        if (process === undefined) return;
        ctx.condition(process, 'healthy', { status: 'false', reason: 'CheckFailed', message, evidence: ['GET / 503'] });
      });
    },
  });

  it('is ended and started again, although it exits with 0', async () => {
    const config = defineConfig({
      plugins: [pessimist(), restart({ backoff: quick })],
      // Its trap must be set before it is told to end.
      processes: { web: { command: serve, ready: { log: 'serving' } } },
    });
    await using run = await manage(config);
    await run.manager.start();
    const view = await run.manager.process('web').until(({ ready, generation }) => ready && generation === 2);
    expect(view.restarts).toBe(1);
    await expect.poll(() => run.marks('marks')).toBe(2);
    const [exited] = run.eventsOf('process.exited');
    expect(exited?.exit.code).toBe(0);
    expect(exited?.exit.cause).toMatchObject({
      code: 'unhealthy',
      message: 'liveness: HTTP 503 ×3',
      evidence: ['GET / 503'],
    } satisfies Partial<Cause>);
    const stated = run.events.find(({ type, data }) => type === 'process.condition' && data.condition === 'healthy');
    expect(exited?.exit.cause.causedBy).toBe(stated?.seq);
  });

  it('is left alone when the policy is never', async () => {
    const config = defineConfig({
      plugins: [pessimist(), restart()],
      processes: { web: { command: serve, restart: 'never' }, other: { command: serve, restart: { backoff: quick } } },
    });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('web').until(({ healthy }) => healthy === false);
    await run.manager.process('other').until(({ ready, generation }) => ready && generation === 2);
    expect(run.manager.process('web').view).toMatchObject({ phase: 'running', generation: 1 });
  });
});

it('is found by configs that name the package', () => {
  expect(plugin).toBe(restart);
});

describe('after a reload', () => {
  const failing = (maxRestarts: number) =>
    defineConfig({
      plugins: [restart({ backoff: quick })],
      processes: { web: { command: crash, restart: { maxRestarts } } },
    });
  const serving = (when: 'always' | 'never') =>
    defineConfig({
      plugins: [restart({ backoff: quick })],
      processes: { web: { command: serve, restart: when } },
    });

  it('a crash loop is tried again with the new limit', async () => {
    await using run = await manage(failing(1));
    await run.manager.start();
    const web = run.manager.process('web');
    await web.until('failed');
    expect(await run.marks('marks')).toBe(2);
    await run.manager.reload(failing(2));
    const { cause } = await web.until(({ phase, generation }) => phase === 'failed' && generation === 5);
    expect(cause?.message).toContain('limit 2');
  });

  it('a process that runs goes on, and the new policy holds at its next exit', async () => {
    await using run = await manage(serving('never'));
    await run.manager.start();
    const web = run.manager.process('web');
    const { pid } = await web.until('ready');
    await run.manager.reload(serving('always'));
    expect(web.view).toMatchObject({ pid, generation: 1 });
    process.kill(pid as number, 'SIGKILL');
    await web.until(({ ready, generation }) => ready && generation === 2);
  });
});
