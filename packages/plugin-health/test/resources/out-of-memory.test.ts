import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definePlugin, type ExitInfo, type Plugin, type ProcessView } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Managed, manage } from '../../../../test-support/manage.ts';
import { OutOfMemory } from '../../src/resources/out-of-memory.ts';
import { fixtureRoot, writeFixture } from './fixture-root.ts';

const counter = 'sys/fs/cgroup/web/memory.events';
const reading = { cpuPercent: 1, memoryBytes: 512 * 2 ** 20, processes: 3 };

/** Recognises kills by the files under `root`, where every process is in the same control group. */
function recogniser(root: string): Plugin {
  return definePlugin({
    name: 'recogniser',
    options: z.undefined(),
    fields: z.undefined(),
    setup(ctx) {
      const outOfMemory = new OutOfMemory(ctx.clock, root);
      ctx.hooks.event.tap('spawned', ({ type, data }) => {
        if (type !== 'process.spawned') return;
        mkdirSync(join(root, 'proc', String(data.pid)), { recursive: true });
        writeFileSync(join(root, 'proc', String(data.pid), 'cgroup'), '0::/web\n');
        outOfMemory.spawned(data);
      });
      ctx.hooks.diagnose.tap('outOfMemory', (process, evidence) => outOfMemory.diagnose(process, evidence, reading));
    },
  })() as unknown as Plugin;
}

interface Story {
  /** What the process does in the end. */
  readonly end: string;
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** A process that is up, with the counters as they are when it ends. */
async function upUntil({ end, before, after }: Story): Promise<Managed> {
  const root = await fixtureRoot(before);
  const command = ['sh', '-c', `echo working; while [ ! -e go ]; do sleep 0.05; done; ${end}`] as const;
  const run = await manage({
    plugins: [recogniser(root)],
    processes: { web: { command, ready: { log: 'working' }, stop: { grace: 200 } } },
  });
  await run.manager.start();
  await run.manager.process('web').until('ready');
  for (const [file, text] of Object.entries(after)) await writeFixture(root, file, text);
  return run;
}

/** How its end is explained. */
async function causeOf(story: Story) {
  await using run = await upUntil(story);
  await run.write('go', '');
  return (await run.manager.process('web').until('failed')).cause;
}

const rises = { before: { [counter]: 'oom_kill 1\n' }, after: { [counter]: 'oom_kill 2\n' } };

describe('a kill for want of memory', () => {
  it.each([
    ['SIGKILL', 'kill -9 $$'],
    ['a shell whose command was killed so', 'exit 137'],
  ])('is recognised by the count of the kernel: %s', async (_, end) => {
    expect(await causeOf({ end, ...rises })).toEqual({
      code: 'outOfMemory',
      message: 'killed by the kernel: out of memory',
      evidence: [`oom_kill in /${counter} rose from 1 to 2`, 'last reading: memory 512 MB, 3 processes', 'working'],
    });
  });

  it('says when the count is that of the whole machine', async () => {
    const cause = await causeOf({
      end: 'kill -9 $$',
      before: { 'proc/vmstat': 'oom_kill 3\n' },
      after: { 'proc/vmstat': 'oom_kill 4\n' },
    });
    expect(cause?.evidence[0]).toBe('oom_kill in /proc/vmstat rose from 3 to 4 on this machine');
  });

  it('says when the whole group was killed', async () => {
    const cause = await causeOf({
      end: 'kill -9 $$',
      before: { [counter]: 'oom_kill 0\noom_group_kill 0\n' },
      after: { [counter]: 'oom_kill 5\noom_group_kill 1\n' },
    });
    expect(cause?.evidence[0]).toBe(`oom_kill in /${counter} rose from 0 to 5, oom_group_kill from 0 to 1`);
  });
});

describe('an ordinary end stays one', () => {
  it.each([
    [
      'SIGKILL while nothing was counted',
      { ...rises, end: 'kill -9 $$', after: {} },
      'killed by SIGKILL, not by promptbin',
    ],
    ['SIGKILL without a count', { end: 'kill -9 $$', before: {}, after: {} }, 'killed by SIGKILL, not by promptbin'],
    ['another signal', { ...rises, end: 'kill -15 $$' }, 'killed by SIGTERM'],
    ['another code', { ...rises, end: 'exit 1' }, 'exited with code 1'],
  ])('%s', async (_, story, message) => {
    expect((await causeOf(story))?.message).toBe(message);
  });

  it('a stop on request that needed SIGKILL', async () => {
    await using run = await upUntil({ end: 'exit 1', ...rises });
    const web = run.manager.process('web');
    await web.stop();
    expect(run.eventsOf('process.exited').map(({ exit }) => exit.cause.code)).toEqual(['requested']);
  });
});

describe('one rise', () => {
  const view = (name: string) => ({ name, generation: 1, pid: 42 }) as ProcessView;
  const exit = { signal: 'SIGKILL', code: null, condemned: false, cause: { evidence: [] } } as unknown as ExitInfo;
  const evidence = { exit, lines: [], events: [] };

  it('explains those who end in the same second, and nobody later', async () => {
    const root = await fixtureRoot({ 'proc/42/cgroup': '0::/web\n', [counter]: 'oom_kill 0\n' });
    let now = 0;
    const outOfMemory = new OutOfMemory({ now: () => now }, root);
    for (const name of ['a', 'b', 'c']) outOfMemory.spawned(view(name));
    await writeFixture(root, counter, 'oom_kill 2\n');
    expect(outOfMemory.diagnose(view('a'), evidence, undefined)?.code).toBe('outOfMemory');
    now = 900;
    expect(outOfMemory.diagnose(view('b'), evidence, undefined)?.code).toBe('outOfMemory');
    now = 1100;
    expect(outOfMemory.diagnose(view('c'), evidence, undefined)).toBeUndefined();
    await writeFixture(root, counter, 'oom_kill 3\n');
    expect(outOfMemory.diagnose(view('c'), evidence, undefined)?.evidence).toEqual([
      `oom_kill in /${counter} rose from 2 to 3`,
    ]);
  });

  it('explains no incarnation but the one that was watched', async () => {
    const root = await fixtureRoot({ 'proc/42/cgroup': '0::/web\n', [counter]: 'oom_kill 0\n' });
    const outOfMemory = new OutOfMemory({ now: () => 0 }, root);
    outOfMemory.spawned(view('a'));
    await writeFixture(root, counter, 'oom_kill 1\n');
    expect(outOfMemory.diagnose({ ...view('a'), generation: 2 }, evidence, undefined)).toBeUndefined();
  });
});
