import { fileURLToPath } from 'node:url';
import { defineConfig, type EventType, type ManagerEvent } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { type Managed, manage } from '../../../test-support/manage.ts';
import { type RestartFields, restart } from '../src/index.ts';

// The other cases of "Restart, backoff, loops": the delays and a stop during backoff are in restart.test.ts, many restarts at
// once in core's test/manager/restart.test.ts.

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** One that is ready at once, and exits with 1 after `seconds`. */
const lives = (seconds: number) => ['sh', '-c', `echo $$ >> marks; echo up; sleep ${seconds}; exit 1`] as const;

function managed(command: readonly [string, ...string[]], fields: RestartFields, ready?: string): Promise<Managed> {
  const web = { command, restart: fields, ...(ready !== undefined && { ready: { log: ready } }) };
  const config = defineConfig({
    plugins: [restart()],
    processes: { web, other: { command: ['sleep', '0.8'], kind: 'job', autostart: false } },
  });
  return manage(config);
}

/** Resolves when so many events have come, with the data of all. */
async function first<K extends EventType>(run: Managed, type: K, count: number): Promise<ManagerEvent<K>['data'][]> {
  await expect.poll(() => run.eventsOf(type).length).toBeGreaterThanOrEqual(count);
  return run.eventsOf(type).slice(0, count);
}

describe('restarts', () => {
  it('begin with the first delay again after a stable time', async () => {
    const backoff = { initial: 50, factor: 4, jitter: 'none' } as const;
    await using run = await managed(lives(1), { backoff, resetAfter: 200, maxRestarts: 2, window: 10 }, 'up');
    await run.manager.start();
    const retries = await first(run, 'process.retry', 3);
    expect(retries).toMatchObject(Array(3).fill({ delayMs: 50, attempt: 1 }));
  });

  it('of a job that succeeds again and again are no crash loop, when it runs for long enough', async () => {
    const job = { command: ['sh', '-c', 'echo $$ >> marks; sleep 0.3'], kind: 'job' } as const;
    const settings = {
      policy: 'always',
      resetAfter: 100,
      maxRestarts: 2,
      window: 10,
      backoff: { initial: 10 },
    } as const;
    await using run = await manage(
      defineConfig({ plugins: [restart()], processes: { web: { ...job, restart: settings } } }),
    );
    await run.manager.start();
    const retries = await first(run, 'process.retry', 5);
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
  });

  it('of one that crashes late are throttled too', async () => {
    const backoff = { initial: 50, jitter: 'none' } as const;
    await using run = await managed(lives(0.3), { backoff }, 'up');
    await run.manager.start();
    const retries = await first(run, 'process.retry', 4);
    expect(retries.map(({ delayMs }) => delayMs)).toEqual([50, 100, 200, 400]);
    expect(run.eventsOf('process.exited').every(({ exit }) => exit.wasReady)).toBe(true);
  });

  it('end in a crash loop: 1 + 5 spawns, and none comes after', async () => {
    const backoff = { initial: 10, max: 100, jitter: 'none' } as const;
    await using run = await managed(['sh', fixture('crash.sh'), 'marks'], { maxRestarts: 5, window: '60s', backoff });
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.code).toBe('crashLoop');
    // Several times the longest delay passes.
    await run.manager.process('other').start();
    expect(run.manager.process('web').view).toMatchObject({ phase: 'failed', cause });
    expect(await run.marks('marks')).toBe(6);
  });

  it('end although the delays are longer than the window', async () => {
    const backoff = { initial: 300, factor: 1, jitter: 'none' } as const;
    await using run = await managed(['sh', fixture('crash.sh'), 'marks'], { maxRestarts: 3, window: 100, backoff });
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause?.message).toMatch(/^3 restarts in [\d.]+ s without 10 s of being ready, limit 3$/);
    expect(await run.marks('marks')).toBe(4);
  });

  it.each([
    ['a code', 'exit 130'],
    ['a signal', 'kill -INT $$'],
  ])('do not follow a success: %s in successCodes', async (_, script) => {
    await using run = await managed(['sh', '-c', `echo $$ >> marks; ${script}`], { successCodes: [130] });
    await run.manager.start();
    await run.manager.process('web').until('completed');
    expect(await run.marks('marks')).toBe(1);
  });

  it('do not follow a code in noRestartCodes, and the cause says so', async () => {
    const fields = { policy: 'always', noRestartCodes: [78] } as const;
    await using run = await managed(['sh', fixture('crash.sh'), 'marks', '78'], fields);
    await run.manager.start();
    const { cause } = await run.manager.process('web').until('failed');
    expect(cause).toMatchObject({
      code: 'exited',
      message: expect.stringMatching(/^exited with code 78.*, which is in noRestartCodes$/),
      evidence: ['boom'],
    });
    expect(await run.marks('marks')).toBe(1);
  });
});
