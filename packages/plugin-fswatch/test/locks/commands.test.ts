import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, definePlugin, type Lock, type LockService } from '@promptbin/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { manage } from '../../../../test-support/manage.ts';
import { fswatch } from '../../src/index.ts';
import { hostName } from '../../src/locks/owner.ts';
import { endedPid, fixture, plant, startChild } from './harness.ts';

/** A plugin that hands the service out. */
function borrow(): { plugin: ReturnType<ReturnType<typeof definePlugin>>; service(): LockService } {
  let service: LockService | undefined;
  const plugin = definePlugin({
    name: 'borrower',
    options: z.undefined(),
    fields: z.undefined(),
    requires: ['locks'],
    setup(ctx) {
      service = ctx.use('locks');
    },
  });
  return { plugin: plugin(), service: () => service as LockService };
}

const call = { caller: 'test' };

test('other plugins use the service, and the commands show and break what it holds', async () => {
  const borrower = borrow();
  const config = defineConfig({ plugins: [borrower.plugin, fswatch()], processes: {} });
  let lock: Lock;
  let root: string;
  {
    await using run = await manage(config);
    root = run.root;
    const { manager } = run;
    const locks = borrower.service();
    const listed = async (path?: string) => await manager.call('lock.list', path === undefined ? {} : { path }, call);
    expect(await listed()).toEqual({
      ok: true,
      value: { summary: 'This manager holds no lock and waits for none.', locks: [] },
    });
    const commands = await manager.commands();
    expect(commands.filter(({ name }) => name.startsWith('lock.'))).toMatchObject([
      { name: 'lock.list', effect: 'read', tool: 'list_locks' },
      { name: 'lock.break', effect: 'destructive', tool: 'break_lock' },
    ]);

    lock = await locks.acquire('data.json');
    const waiting = locks.acquire('data.json');
    expect(await listed()).toMatchObject({
      ok: true,
      value: {
        summary: expect.stringMatching(
          /data\.json: held by this manager \(pid \d+\) at .*commands\.test\.ts:\d+.*, for \d+\.\d s; 1 waiting$/,
        ),
        locks: [
          {
            path: lock.path,
            marker: { kind: 'ours', holder: { pid: process.pid, alive: true }, stale: false },
            acquiredAt: expect.stringContaining('commands.test.ts'),
            waiting: 1,
          },
        ],
      },
    });

    expect(await manager.call('lock.break', { path: 'data.json' }, call)).toMatchObject({
      ok: true,
      value: { summary: `The lock of data.json was taken from this manager (pid ${process.pid}).` },
    });
    expect(lock.isHeld()).toBe(false);
    await lock.release();
    lock = await waiting;
    await expect.poll(() => run.eventsOf('lock.lost')).toHaveLength(1);
    expect(run.eventsOf('lock.lost')[0]).toMatchObject({ path: 'data.json' });
  }
  // The end of the manager has released it.
  expect(lock.isHeld()).toBe(false);
  await expect(readdir(root)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a lock that this manager has no part in is shown, too, and told when it is taken over', async () => {
  const borrower = borrow();
  await using run = await manage(defineConfig({ plugins: [fswatch(), borrower.plugin], processes: {} }));
  const { manager, root } = run;
  const path = join(root, 'data.json');
  const holder = await startChild(process.execPath, [fixture('hold.ts'), path]);
  await once(holder.stdout as NodeJS.ReadableStream, 'data');
  const list = () => manager.call('lock.list', { path: 'data.json' }, call);
  const named = `pid ${holder.pid} on ${hostName()}`;
  expect(await list()).toMatchObject({ value: { summary: expect.stringContaining(`held by ${named}, for`) } });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(await list()).toMatchObject({
    value: { summary: expect.stringContaining(`${named}, which has ended`), locks: [{ marker: { stale: true } }] },
  });
  await (await borrower.service().acquire('data.json')).release();
  await expect.poll(() => run.eventsOf('lock.broken')).toHaveLength(1);
  expect(run.eventsOf('lock.broken')).toMatchObject([
    {
      path: 'data.json',
      marker: { holder: { pid: holder.pid, alive: false } },
      message: `the lock of data.json was left behind by ${named}, which has ended, and has been broken`,
    },
  ]);
  expect(await list()).toMatchObject({ value: { summary: expect.stringMatching(/: free; 0 waiting$/) } });

  await plant(`${path}.lock`, { pid: await endedPid(), host: 'elsewhere' });
  expect(await manager.call('lock.break', { path: 'data.json' }, call)).toMatchObject({
    value: {
      summary: expect.stringMatching(/^The lock of data.json was taken from pid \d+ on elsewhere, another host\.$/),
    },
  });
  expect(await manager.call('lock.break', { path: 'data.json' }, call)).toEqual({
    ok: true,
    value: { summary: 'Nobody has the lock of data.json.' },
  });
});
