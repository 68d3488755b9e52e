import { fileURLToPath } from 'node:url';
import { defineConfig, type ManagedProcess, type ManagerEvent } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { type Managed, manage } from '../../../../test-support/manage.ts';
import type { GroupSettings } from '../../src/groups/settings.ts';
import { restart } from '../../src/index.ts';

const script = fileURLToPath(new URL('../fixtures/serve.sh', import.meta.url));
const names = ['db', 'api', 'web'] as const;

/** Three servers that say when they are up, and whose traps are set by then. */
async function three(group: GroupSettings, initial: number, web: object = {}): Promise<Managed> {
  const server = (name: string) => ({
    command: ['sh', script, name] as const,
    ready: { log: 'serving' },
    restart: { group: 'backend' },
  });
  const config = defineConfig({
    plugins: [restart({ groups: { backend: group }, backoff: { initial, factor: 1, jitter: 'none' } })],
    processes: { db: server('db'), api: server('api'), web: { ...server('web'), ...web } },
  });
  const run = await manage(config);
  await run.manager.start();
  await allReady(run, 1, 1, 1);
  return run;
}

const of = ({ manager }: Managed, name: string): ManagedProcess => manager.process(name);

/** Resolves when each is ready in this generation. */
async function allReady(run: Managed, ...generations: readonly number[]): Promise<void> {
  await Promise.all(
    names.map((name, index) => of(run, name).until((now) => now.ready && now.generation === generations[index])),
  );
}

function kill(run: Managed, name: string): void {
  process.kill(of(run, name).view.pid as number, 'SIGKILL');
}

const spawns = (run: Managed): string[] =>
  run.eventsOf('process.spawned').map(({ name, generation }) => `${name} ${generation}`);

function causesOf(run: Managed, name: string): string[] {
  const isEnd = (event: ManagerEvent): event is ManagerEvent<'process.phase'> =>
    event.type === 'process.phase' && event.data.name === name && event.data.to === 'stopping';
  return run.events.filter(isEnd).map(({ data }) => `${data.cause?.code}: ${data.cause?.message}`);
}

describe('when a member fails', () => {
  it('all: the others are restarted, and come up after it', async () => {
    await using run = await three({ strategy: 'all' }, 1500);
    kill(run, 'api');
    await allReady(run, 2, 2, 2);
    expect(causesOf(run, 'db')).toEqual(['dependencyRestarted: group "backend": "api" failed']);
    expect(causesOf(run, 'web')).toEqual(['dependencyRestarted: group "backend": "api" failed']);
    expect(spawns(run)[3]).toBe('api 2');
    const waits = run.eventsOf('process.waiting').filter(({ name }) => name === 'db');
    expect(waits[0]?.waitingFor).toEqual(['"api" of group "backend" to be tried again']);
    // Led back to the failure.
    const retry = run.events.find(({ type }) => type === 'process.retry');
    const asked = run.eventsOf('process.desired').filter(({ cause }) => cause.code === 'dependencyRestarted');
    expect(asked.map(({ name, cause }) => [name, cause.causedBy])).toEqual([
      ['db', retry?.seq],
      ['web', retry?.seq],
    ]);
  });

  it('rest: only those behind it in the config are restarted', async () => {
    await using run = await three({ strategy: 'rest' }, 50);
    const { pid } = of(run, 'db').view;
    kill(run, 'api');
    await allReady(run, 1, 2, 2);
    expect(of(run, 'db').view.pid).toBe(pid);
    expect(spawns(run).slice(3)).toEqual(['api 2', 'web 2']);
  });

  it('one: it alone is restarted', async () => {
    await using run = await three({ strategy: 'one' }, 20);
    kill(run, 'api');
    await allReady(run, 1, 2, 1);
    expect(spawns(run).slice(3)).toEqual(['api 2']);
  });

  it('and another one in the same moment: each is back once, and none drags the others along again', async () => {
    await using run = await three({ strategy: 'all' }, 200);
    kill(run, 'db');
    kill(run, 'api');
    await allReady(run, 2, 2, 2);
    // The second death may be heard of before or after its restart was asked for: then it is the end that this waits for.
    const retried = run.eventsOf('process.retry').map(({ name }) => name);
    expect(retried.filter((name) => name !== 'db' && name !== 'api')).toEqual([]);
    expect([1, 2]).toContain(retried.length);
    expect(spawns(run)).toHaveLength(6);
  });

  it('and a dependant is to follow its dependency too: it is restarted once', async () => {
    await using run = await three({ strategy: 'all' }, 100, { dependsOn: ['db'], onDependencyRestart: 'restart' });
    kill(run, 'db');
    await allReady(run, 2, 2, 2);
    kill(run, 'web');
    await allReady(run, 3, 3, 3);
    expect(spawns(run)).toHaveLength(9);
  });
});

describe('the common budget', () => {
  it('when it is used up the whole group is given up, and a start by a person clears it', async () => {
    await using run = await three({ strategy: 'one', maxRestarts: 2 }, 20);
    kill(run, 'db');
    await allReady(run, 2, 1, 1);
    kill(run, 'api');
    await allReady(run, 2, 2, 1);
    kill(run, 'db');
    const views = await Promise.all(names.map((name) => of(run, name).until('failed')));
    for (const { cause } of views) {
      expect(cause?.code).toBe('crashLoop');
      expect(cause?.message).toMatch(/^group "backend" is given up: 2 restarts in [\d.]+ s, limit 2 in 60 s$/);
      expect(cause?.evidence[0]).toBe('db: killed by SIGKILL, not by promptbin');
    }

    await of(run, 'db').start();
    kill(run, 'db');
    await of(run, 'db').until((now) => now.ready && now.generation === 4);
    expect(of(run, 'api').view.phase).toBe('failed');
    expect(of(run, 'web').view.phase).toBe('failed');
  });

  it('ends members that wait for their next try as well', async () => {
    await using run = await three({ strategy: 'one', maxRestarts: 1 }, 60_000);
    kill(run, 'db');
    await of(run, 'db').until('backoff');
    kill(run, 'api');
    await of(run, 'api').until('failed');
    const { cause } = await of(run, 'db').until('failed');
    expect(cause?.code).toBe('crashLoop');
    await of(run, 'web').until('failed');
  });

  it('ends the manager when a member is essential, also one that waits for its next try', async () => {
    await using run = await three({ strategy: 'one', maxRestarts: 1 }, 60_000, { essential: true });
    kill(run, 'web');
    await of(run, 'web').until('backoff');
    kill(run, 'db');
    await expect.poll(() => run.eventsOf('manager.closing')).toMatchObject([{ failed: 'web' }]);
  });

  it.each(['rest', 'all'] as const)('%s: is not renewed by members that depend on each other', async (strategy) => {
    const group = { group: 'backend' };
    const db = { command: ['sh', '-c', 'echo up; sleep 0.1; exit 1'], ready: { log: 'up' }, restart: group } as const;
    const web = { command: ['sleep', '60'], dependsOn: ['db'], stop: { grace: '1s' }, restart: group } as const;
    const plugins = [
      restart({ groups: { backend: { strategy, maxRestarts: 3 } }, backoff: { initial: 50, jitter: 'none' } }),
    ];
    await using run = await manage(defineConfig({ plugins, processes: { db, web } }));
    await run.manager.start();
    const { cause } = await of(run, 'db').until('failed');
    expect(cause?.message).toContain('group "backend" is given up: 3 restarts in');
    expect(run.eventsOf('process.retry').map(({ name, delayMs }) => [name, delayMs])).toEqual([
      ['db', 50],
      ['db', 100],
      ['db', 200],
    ]);
    expect(spawns(run).filter((spawned) => spawned.startsWith('db'))).toHaveLength(4);
  });

  it('does not count members that were restarted for the sake of another one', async () => {
    await using run = await three({ strategy: 'all', maxRestarts: 2 }, 20);
    kill(run, 'db');
    await allReady(run, 2, 2, 2);
    kill(run, 'db');
    await allReady(run, 3, 3, 3);
    expect(run.eventsOf('process.retry').map(({ name }) => name)).toEqual(['db', 'db']);
  });
});
