import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Config, defineConfig } from '@promptbin/core';
import { expect, it } from 'vitest';
import { type Managed, manage } from '../../../test-support/manage.ts';
import { fswatch, type WatchFields } from '../src/index.ts';

const fixture = fileURLToPath(new URL('fixtures/serve.sh', import.meta.url));
const config = (watch: WatchFields | undefined, stop?: number): Config =>
  defineConfig({
    plugins: [fswatch()],
    processes: {
      web: {
        command: ['sh', fixture, 'marks'],
        ...(watch === undefined ? {} : { fswatch: watch }),
        ...(stop === undefined ? {} : { stop: { grace: stop } }),
      },
    },
  });

/** Edits a file until the watcher states it. */
async function editUntilSeen(run: Managed, file: string): Promise<void> {
  const seen = (): boolean =>
    run.eventsOf('files.changed').some(({ files }) => files.some(({ path }) => path === file));
  for (let round = 0; !seen(); round++) {
    await run.write(file, `edit ${round}`);
    await delay(100);
  }
}

async function started(first: Config): Promise<Managed> {
  const run = await manage(first);
  await mkdir(join(run.root, 'old'));
  await mkdir(join(run.root, 'new'));
  await run.manager.start();
  await run.manager.process('web').until('ready');
  return run;
}

const notify = (paths: string[]): WatchFields => ({ paths, action: 'notify' });

it('watches another folder after a reload, and the process keeps its pid', async () => {
  await using run = await started(config(notify(['old'])));
  const web = run.manager.process('web');
  const { pid } = web.view;
  await editUntilSeen(run, 'old/a.py');
  const report = await run.manager.reload(config(notify(['new'])));
  expect(report.processes).toEqual([
    { action: 'update', name: 'web', changes: [{ path: 'fswatch.paths', from: ['old'], to: ['new'] }] },
  ]);
  const told = run.eventsOf('files.changed').length;
  await run.write('old/b.py', 'nobody looks');
  await editUntilSeen(run, 'new/a.py');
  expect(
    run
      .eventsOf('files.changed')
      .slice(told)
      .flatMap(({ files }) => files.map(({ path }) => path)),
  ).not.toContain('old/b.py');
  expect(web.view).toMatchObject({ pid, generation: 1 });
});

it('begins to watch a process that asks for it now, and ends with one that does not any more', async () => {
  const watchers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;
  await using run = await started(config(undefined));
  expect(watchers()).toBe(0);
  await run.manager.reload(config(notify(['new'])));
  await editUntilSeen(run, 'new/a.py');
  await run.manager.reload(config(undefined));
  await expect.poll(watchers).toBe(0);
  expect(run.manager.process('web').view.generation).toBe(1);
});

it('leaves a watcher alone whose settings are the same, and has none for a process that is gone', async () => {
  const watchers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;
  await using run = await started(config(notify(['new'])));
  await editUntilSeen(run, 'new/a.py');
  const before = watchers();
  await run.manager.reload(config(notify(['new']), 1000));
  expect(watchers()).toBe(before);
  await run.manager.reload(defineConfig({ plugins: [fswatch()], processes: {} }));
  await expect.poll(watchers).toBe(0);
});

it('watches when the plugin itself comes late', async () => {
  const plain = config(undefined);
  await using run = await started({ processes: plain.processes });
  const report = await run.manager.reload(config(notify(['new'])));
  expect(report.plugins).toEqual([{ action: 'add', name: 'fswatch' }]);
  await editUntilSeen(run, 'new/a.py');
  expect(run.manager.process('web').view.generation).toBe(1);
});
