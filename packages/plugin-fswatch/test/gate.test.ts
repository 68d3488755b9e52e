import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, definePlugin, type LockService, type Plugin } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Managed, manage } from '../../../test-support/manage.ts';
import { fswatch, type WatchListResult } from '../src/index.ts';

const fixture = fileURLToPath(new URL('fixtures/serve.sh', import.meta.url));
const poll = { timeout: 30_000 };

/** The service `locks`, as a plugin gets it. */
function takingLocks(take: (locks: LockService) => void): Plugin {
  return definePlugin({
    name: 'taking',
    options: z.undefined(),
    fields: z.undefined(),
    requires: ['locks'],
    setup: (ctx) => take(ctx.use('locks')),
  })() as unknown as Plugin;
}

function config(extra: readonly Plugin[] = []) {
  return defineConfig({
    plugins: [fswatch(), ...extra] as [ReturnType<typeof fswatch>],
    processes: {
      web: {
        command: ['sh', fixture, 'marks'],
        fswatch: { include: ['*.py'], gate: ['.git/index.lock', 'data/*.lock'] },
      },
    },
  });
}

async function prepared(extra?: readonly Plugin[]): Promise<Managed> {
  const run = await manage(config(extra), { 'app.py': '1' });
  await mkdir(join(run.root, '.git'));
  await mkdir(join(run.root, 'data'));
  return run;
}

describe('a start', () => {
  it('waits while git writes, and names the lock', async () => {
    await using run = await prepared();
    await run.write('.git/index.lock', '');
    await run.manager.start();
    const web = run.manager.process('web');
    const { waitingFor } = await web.until((view) => view.waitingFor !== undefined);
    expect(waitingFor).toEqual(['.git/index.lock, held by somebody unknown']);
    expect(await run.marks('marks')).toBe(0);
    await rm(join(run.root, '.git', 'index.lock'));
    await web.until('ready');
  });

  it('waits for a lock that a pattern finds, names its holder, and can be stopped meanwhile', async () => {
    await using run = await prepared();
    await run.write('data/a.lock', `${process.ppid}\n${hostname()}\n`);
    await run.manager.start();
    const web = run.manager.process('web');
    const { waitingFor } = await web.until((view) => view.waitingFor !== undefined);
    expect(waitingFor).toEqual([`data/a.lock, held by pid ${process.ppid} on ${hostname()}`]);
    await web.stop();
    expect(web.view.phase).toBe('stopped');
  });

  it('does not wait for a lock whose holder has ended', async () => {
    await using run = await prepared();
    // No process has it: the largest that Linux gives out is 4194304.
    await run.write('data/a.lock', `4194303\n${hostname()}\n`);
    expect(await run.manager.process('web').start()).toMatchObject({ ready: true });
  });
});

describe('a change', () => {
  it('waits while the lock of the data is held, and is then followed by one restart', async () => {
    let locks!: LockService;
    await using run = await prepared([
      takingLocks((service) => {
        locks = service;
      }),
    ]);
    await run.manager.start();
    const web = run.manager.process('web');
    await web.until('ready');
    await expect.poll(() => run.eventsOf('files.watched').length, poll).toBe(1);
    const lock = await locks.acquire('data/prompts');
    for (const text of ['2', '3', '4']) {
      await run.write('app.py', text);
      await run.write(`module${text}.py`, text);
    }
    await expect
      .poll(() => run.eventsOf('files.waiting'), poll)
      .toMatchObject([
        {
          name: 'web',
          message: expect.stringMatching(/of web wait for data\/prompts\.lock, held by this manager \(pid \d+\)$/),
        },
      ]);
    const list = await run.manager.call('watch.list', {}, { caller: 'tester' });
    const [{ waiting } = {}] = (list as { value: WatchListResult }).value.processes;
    expect(waiting?.for).toContain('data/prompts.lock');
    expect(web.view.generation).toBe(1);
    await lock.release();
    await web.until(({ ready, generation }) => ready && generation === 2);
    expect(web.view.restarts).toBe(1);
    expect(run.eventsOf('files.changed')).toHaveLength(1);
    expect(run.eventsOf('files.waiting')).toHaveLength(1);
  });
});
