import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Config, defineConfig, type ManagedProcess } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { type Managed, manage as manageFolder } from '../../../test-support/manage.ts';
import { fswatch, plugin } from '../src/index.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const serve = (...args: string[]) => ['sh', fixture('serve.sh'), 'marks', ...args] as const;

/** The manager runs, and so does the process `web`, for the first time. */
async function start(run: Managed): Promise<ManagedProcess> {
  await run.manager.start();
  const web = run.manager.process('web');
  await web.until('ready');
  await expect.poll(() => run.marks('marks')).toBe(1);
  return web;
}

/** Edits a file again and again until the watcher states it; for processes that the edit leaves as they are. */
async function editUntilSeen(run: Managed): Promise<void> {
  for (let round = 0; run.eventsOf('files.changed').length === 0; round++) {
    await run.write('app.py', `edit ${round}`);
    await delay(100);
  }
}

/** A manager in a folder that holds `app.py`. */
const manage = (config: Config): Promise<Managed> => manageFolder(config, { 'app.py': 'as it was' });

/** Whatever was asked of the manager before has been done after this. */
async function turn(run: Managed): Promise<void> {
  await run.manager.process('bystander').start();
}

const bystander = { command: ['sleep', '60'], autostart: false } as const;

describe.each([
  ['told by the system', {}],
  ['by looking', { poll: '50ms' }],
] as const)('an edit, %s', (_, means) => {
  const watch = { include: ['*.py'], ...means };

  it('restarts the process once, and says which file it was', async () => {
    await using run = await manage(
      defineConfig({ plugins: [fswatch()], processes: { web: { command: serve(), fswatch: watch } } }),
    );
    const web = await start(run);
    await run.write('app.py', 'changed');
    const view = await web.until(({ ready, generation }) => ready && generation === 2);
    expect(view.restarts).toBe(1);
    const [stopping] = run.eventsOf('process.phase').filter(({ to }) => to === 'stopping');
    expect(stopping?.cause).toEqual({ code: 'filesChanged', message: 'app.py changed', evidence: ['app.py'] });
    expect(run.eventsOf('files.changed')).toEqual([
      { name: 'web', files: [{ path: 'app.py', kind: 'changed' }], count: 1 },
    ]);
  });

  it('is one restart when it is a burst of many', async () => {
    await using run = await manage(
      defineConfig({
        plugins: [fswatch()],
        processes: { web: { command: serve(), fswatch: { ...watch, debounce: '1s', maxWait: '30s' } } },
      }),
    );
    const web = await start(run);
    for (let count = 0; count < 100; count++) {
      await run.write(count % 2 === 0 ? 'app.py' : 'views.py', String(count));
      await delay(2);
    }
    await web.until(({ ready, generation }) => ready && generation === 2);
    await delay(2000);
    expect(web.view.generation).toBe(2);
    const [stopping] = run.eventsOf('process.phase').filter(({ to }) => to === 'stopping');
    expect(stopping?.cause?.message).toMatch(/^(app|views)\.py changed \(\+1 more\)$/);
  });

  it('leaves a stopped process stopped', async () => {
    await using run = await manage(
      defineConfig({ plugins: [fswatch()], processes: { web: { command: serve(), fswatch: watch }, bystander } }),
    );
    const web = await start(run);
    await web.stop();
    await editUntilSeen(run);
    await turn(run);
    expect(web.view.phase).toBe('stopped');
    expect(await run.marks('marks')).toBe(1);
  });

  it('leaves a process alone that is being stopped', async () => {
    await using run = await manage(
      defineConfig({ plugins: [fswatch()], processes: { web: { command: serve('2'), fswatch: watch } } }),
    );
    const web = await start(run);
    const stopping = web.stop();
    await web.until('stopping');
    await editUntilSeen(run);
    await stopping;
    expect(web.view.phase).toBe('stopped');
    expect(await run.marks('marks')).toBe(1);
  });

  it('starts a failed process again', async () => {
    await using run = await manage(
      defineConfig({
        plugins: [fswatch()],
        processes: { web: { command: ['sh', fixture('end.sh'), 'marks', '3'], fswatch: watch } },
      }),
    );
    await run.manager.start();
    const web = run.manager.process('web');
    await web.until('failed');
    await run.write('app.py', 'mended');
    await web.until(({ phase, generation }) => phase === 'failed' && generation === 2);
    expect(await run.marks('marks')).toBe(2);
  });

  it('runs a completed job again', async () => {
    await using run = await manage(
      defineConfig({
        plugins: [fswatch()],
        processes: { web: { command: ['sh', fixture('end.sh'), 'marks', '0'], kind: 'job', fswatch: watch } },
      }),
    );
    await run.manager.start();
    const web = run.manager.process('web');
    await web.until('completed');
    await run.write('app.py', 'other');
    await web.until(({ phase, generation }) => phase === 'completed' && generation === 2);
    expect(await run.marks('marks')).toBe(2);
  });

  it('is not lost while the process is on its way down: what comes up has seen it', async () => {
    await using run = await manage(
      defineConfig({ plugins: [fswatch()], processes: { web: { command: serve('1'), fswatch: watch } } }),
    );
    const web = await start(run);
    await run.write('app.py', 'first');
    await web.until('stopping');
    await run.write('app.py', 'second');
    const editedAt = Date.now();
    await web.until(({ ready, generation }) => ready && generation >= 2);
    await expect.poll(() => run.eventsOf('files.changed').length).toBe(2);
    const spawned = run.events.filter(({ type }) => type === 'process.spawned');
    expect(spawned.at(-1)?.at).toBeGreaterThanOrEqual(editedAt);
    expect(await run.marks('marks')).toBeLessThanOrEqual(3);
  });

  it('restarts a process that is not ready yet', async () => {
    await using run = await manage(
      defineConfig({
        plugins: [fswatch()],
        processes: { web: { command: serve(), ready: { log: 'never said' }, fswatch: watch } },
      }),
    );
    await run.manager.start();
    const web = run.manager.process('web');
    await web.until('starting');
    await expect.poll(() => run.marks('marks')).toBe(1);
    await run.write('app.py', 'changed');
    const view = await web.until(({ phase, generation }) => phase === 'starting' && generation === 2);
    expect(view.restarts).toBe(1);
  });

  it('is only stated when that is asked for', async () => {
    await using run = await manage(
      defineConfig({
        plugins: [fswatch()],
        processes: { web: { command: serve(), fswatch: { ...watch, action: 'notify' } }, bystander },
      }),
    );
    const web = await start(run);
    await editUntilSeen(run);
    await turn(run);
    expect(web.view).toMatchObject({ phase: 'running', generation: 1 });
  });
});

it('holds no watcher after the end', async () => {
  const watch = { include: ['*.py'] };
  const watchers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;
  const run = await manage(
    defineConfig({ plugins: [fswatch()], processes: { web: { command: serve(), fswatch: watch } } }),
  );
  await start(run);
  await expect.poll(watchers).toBeGreaterThan(0);
  await run[Symbol.asyncDispose]();
  expect(watchers()).toBe(0);
});

it('is found by configs that name the package', () => {
  expect(plugin).toBe(fswatch);
});
