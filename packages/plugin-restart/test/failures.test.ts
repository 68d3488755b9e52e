import { fileURLToPath } from 'node:url';
import { type Cause, defineConfig, definePlugin, type ExplainResult, type Plugin } from '@promptbin/core';
import { fswatch } from '@promptbin/plugin-fswatch';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Managed, manage } from '../../../test-support/manage.ts';
import { restart } from '../src/index.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const serve = { command: ['sh', fixture('serve.sh'), 'marks'], ready: { log: 'serving' } } as const;
const quick = { initial: 20, max: 80, jitter: 'none' } as const;

/** States that each of the first `times` incarnations is over its limit, as soon as it runs. */
const meter = (times: number): Plugin<'meter'> =>
  definePlugin({
    name: 'meter',
    options: z.undefined(),
    fields: z.undefined(),
    setup(ctx) {
      ctx.hooks.event.tap('measure', ({ type, data }) => {
        if (type !== 'process.phase' || data.to !== 'running' || data.generation > times) return;
        const { name, generation } = data;
        const [value, max] = [530 * 2 ** 20, 512 * 2 ** 20];
        ctx.emit('process.limitExceeded', { name, generation, resource: 'memory', value, max, forMs: 10_000 });
      });
    },
  })() as unknown as Plugin<'meter'>;

async function explain(run: Managed, name: string): Promise<ExplainResult> {
  const answer = await run.manager.call('process.explain', { name }, { caller: 'test' });
  return (answer as { value: unknown }).value as ExplainResult;
}

describe('one that is over its limit', () => {
  it('is ended and started again, and the cause has the numbers', async () => {
    const config = defineConfig({ plugins: [meter(1), restart({ backoff: quick })], processes: { web: serve } });
    await using run = await manage(config);
    await run.manager.start();
    const view = await run.manager.process('web').until(({ ready, generation }) => ready && generation === 2);
    expect(view).toMatchObject({ restarts: 1, attempt: 1 });
    const [exited] = run.eventsOf('process.exited');
    const stated = run.events.find(({ type }) => type === 'process.limitExceeded');
    expect(exited?.exit.cause).toEqual({
      code: 'limitExceeded',
      message: 'memory 530 MB of 512 MB for 10 s',
      evidence: ['memory: 555745280 bytes, limit 536870912'],
      causedBy: stated?.seq as number,
    } satisfies Cause);
    const { chain } = await explain(run, 'web');
    expect(chain.map(({ text }) => text)).toContain('web is ending: memory 530 MB of 512 MB for 10 s');
  });

  it('again and again is a crash loop', async () => {
    const config = defineConfig({
      plugins: [meter(9), restart({ backoff: quick, maxRestarts: 2 })],
      processes: { web: serve },
    });
    await using run = await manage(config);
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause).toMatchObject({ code: 'crashLoop', message: expect.stringContaining('limit 2 in') });
    expect(cause?.evidence[0]).toBe('memory 530 MB of 512 MB for 10 s');
    await expect.poll(() => run.marks('marks')).toBe(3);
  });

  it('is left alone when the policy is never', async () => {
    const config = defineConfig({
      plugins: [meter(1), restart({ backoff: quick })],
      processes: { web: { ...serve, restart: 'never' }, other: serve },
    });
    await using run = await manage(config);
    await run.manager.start();
    await run.manager.process('other').until(({ ready, generation }) => ready && generation === 2);
    expect(run.manager.process('web').view).toMatchObject({ phase: 'running', generation: 1 });
  });
});

describe('a policy that a reload brings', () => {
  const config = (policy: 'never' | 'always', extra: Plugin[] = []) =>
    defineConfig({
      plugins: [...extra, restart({ backoff: quick })] as [Plugin<'restart'>],
      processes: { web: { ...serve, restart: policy } as typeof serve },
    });

  it('holds for one that is over its limit already', async () => {
    const plugins = [meter(1) as unknown as Plugin];
    await using run = await manage(config('never', plugins));
    await run.manager.start();
    const web = run.manager.process('web');
    await expect.poll(() => run.eventsOf('process.limitExceeded').length).toBe(1);
    expect(web.view).toMatchObject({ phase: 'running', generation: 1 });
    await run.manager.reload(config('always', plugins));
    expect(await web.until(({ ready, generation }) => ready && generation === 2)).toMatchObject({ restarts: 1 });
  });
});

describe('an edit', () => {
  const config = (maxRestarts: number) =>
    defineConfig({
      plugins: [fswatch(), restart({ backoff: quick, maxRestarts })],
      processes: {
        web: { command: ['sh', fixture('crash-then-ok.sh'), 'marks', '99'], fswatch: 'app.txt' },
      },
    });

  it('brings back one that has failed, with a whole budget and its cause', async () => {
    await using run = await manage(config(2), { 'app.txt': 'one' });
    await run.manager.start();
    const web = run.manager.process('web');
    await web.until('failed');
    expect(await run.marks('marks')).toBe(3);
    // A change that comes before the watcher looks is none: it is made until it is seen.
    for (let edit = 2; run.eventsOf('files.changed').length === 0; edit += 1) {
      await run.write('app.txt', `${edit}`);
      await web.until(({ phase }) => phase !== 'failed', { timeoutMs: 1000 }).catch(() => undefined);
    }
    await web.until(({ phase, generation }) => phase === 'failed' && generation >= 6);
    expect(
      run
        .eventsOf('process.retry')
        .map(({ attempt }) => attempt)
        .slice(0, 3),
    ).toEqual([1, 2, 1]);
    const wanted = run.eventsOf('process.desired').find(({ cause }) => cause.code === 'filesChanged');
    expect(wanted).toMatchObject({ fresh: true, cause: { message: 'app.txt changed' } });
  });
});
