import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@promptbin/core';
import { health } from '@promptbin/plugin-health';
import { expect, it } from 'vitest';
import { type Managed, manage } from '../../../test-support/manage.ts';
import { fswatch, type WatchApplyResult, type WatchSettings } from '../src/index.ts';

const told = fileURLToPath(new URL('fixtures/told.mjs', import.meta.url));
const stop = { grace: '1s' } as const;
const poll = { timeout: 30_000 };

// A program in Python whose source is what is edited: it is ready when it says so, unless it cannot be read.
const program = { command: 'python3 -u app.py', ready: { log: 'listening' }, stop } as const;
const good = (word: string) => `print("${word}"); print("listening"); import time; time.sleep(60)\n`;
const broken = 'import nowhere\n';

async function running(watch: WatchSettings = {}, app = good('first')): Promise<Managed> {
  const config = defineConfig({
    plugins: [fswatch()],
    processes: { web: { ...program, fswatch: { include: ['*.py'], ...watch } } },
  });
  const run = await manage(config, { 'app.py': app });
  await run.manager.start();
  await expect.poll(() => run.eventsOf('files.watched').length, poll).toBe(1);
  await run.manager.process('web').until((view) => view.ready || view.phase === 'failed');
  return run;
}

async function apply(run: Managed, input: object = {}): Promise<WatchApplyResult> {
  const answer = await run.manager.call('watch.apply', input, { caller: 'tester' });
  if (!answer.ok) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer.value as WatchApplyResult;
}

it('an edit is waited for until the process is ready with it, and only what is new is told', async () => {
  await using run = await running();
  await run.write('app.py', good('second'));
  const { processes, ...rest } = await apply(run);
  expect(rest).toMatchObject({
    met: true,
    changedFiles: 1,
    summary: expect.stringMatching(/^restarted for 1 file: web is ready/),
  });
  expect(processes).toMatchObject([
    {
      name: 'web',
      phase: 'running',
      ready: true,
      restarted: true,
      count: 1,
      files: [{ path: 'app.py', kind: 'changed' }],
      newErrors: [],
    },
  ]);
  expect(processes[0]?.newLogs.map(({ text }) => text)).toEqual(['second', 'listening']);
  expect(run.manager.process('web').view.generation).toBe(2);
});

it('an edit that breaks the process is told with its error, and one that mends it brings it up', async () => {
  await using run = await running();
  await run.write('app.py', broken);
  const failed = await apply(run, { name: 'web' });
  expect(failed).toMatchObject({
    met: false,
    summary: expect.stringContaining('web has failed'),
    processes: [
      { phase: 'failed', ready: false, restarted: true, newErrors: [{ message: expect.stringContaining('nowhere') }] },
    ],
  });
  expect(failed.processes[0]?.newLogs.at(-1)?.text).toContain("No module named 'nowhere'");
  await run.write('app.py', good('mended'));
  expect(await apply(run, { name: 'web' })).toMatchObject({
    met: true,
    processes: [{ phase: 'running', restarted: true, newErrors: [] }],
  });
});

it('what a watch has followed before the call counts once', async () => {
  await using run = await running();
  await run.write('app.py', good('second'));
  await run.manager.process('web').until(({ ready, generation }) => ready && generation === 2);
  const first = await apply(run);
  expect(first).toMatchObject({ changedFiles: 1, processes: [{ restarted: true }] });
  expect(first.processes[0]?.newLogs.map(({ text }) => text)).toEqual(['second', 'listening']);
  expect(await apply(run)).toEqual({
    summary: 'No watched file has changed',
    met: true,
    changedFiles: 0,
    processes: [],
  });
  expect(run.manager.process('web').view.generation).toBe(2);
});

it('without a change nothing is restarted, and the one that was asked for is told of at once', async () => {
  await using run = await running();
  expect(await apply(run, { name: 'web' })).toMatchObject({
    met: true,
    summary: expect.stringMatching(/^nothing has changed: web is ready/),
    processes: [{ restarted: false, count: 0, newLogs: [], newErrors: [] }],
  });
  expect(run.manager.process('web').view.generation).toBe(1);
});

it('one that ends right after it was ready is not told to be up', async () => {
  await using run = await running();
  await run.write('app.py', 'print("listening"); import time; time.sleep(0.02); raise SystemExit(3)\n');
  expect(await apply(run)).toMatchObject({ met: false, processes: [{ phase: 'failed', ready: false }] });
});

it('of two calls at once both wait', async () => {
  await using run = await running();
  await run.write('app.py', good('second'));
  const both = await Promise.all([apply(run, { name: 'web' }), apply(run, { name: 'web' })]);
  for (const answer of both) expect(answer).toMatchObject({ met: true, processes: [{ ready: true, restarted: true }] });
  expect(run.manager.process('web').view.generation).toBe(2);
});

it('where a change is only told, nothing is restarted, but what is down is started', async () => {
  await using run = await running({ action: 'notify' });
  await run.write('app.py', good('second'));
  expect(await apply(run)).toMatchObject({
    met: true,
    summary: expect.stringMatching(/^1 file changed: web is ready/),
    processes: [{ restarted: false, count: 1, newLogs: [] }],
  });
  const web = run.manager.process('web');
  await run.write('app.py', broken);
  await expect(web.restart()).rejects.toMatchObject({ code: 'PB_START_FAILED' });
  await run.write('app.py', good('third'));
  expect(await apply(run)).toMatchObject({ met: true, processes: [{ phase: 'running', restarted: true }] });
});

it('what somebody has stopped stays so, unless it is named', async () => {
  await using run = await running();
  await run.manager.process('web').stop();
  await run.write('app.py', good('second'));
  expect(await apply(run)).toMatchObject({
    met: false,
    processes: [{ phase: 'stopped', restarted: false, note: 'it was stopped: call start_process' }],
  });
  await run.write('app.py', good('third'));
  const named = await apply(run, { name: 'web' });
  expect(named).toMatchObject({ met: true, processes: [{ phase: 'running', restarted: true }] });
  expect(named.processes[0]?.newLogs.map(({ text }) => text)).toEqual(['third', 'listening']);
});

it('a program that cannot be launched is told, and not waited for', async () => {
  const config = defineConfig({
    plugins: [fswatch()],
    processes: { web: { command: './app.sh', stop, fswatch: { include: ['*.sh'] } } },
  });
  await using run = await manage(config, { 'app.sh': 'no program' });
  await run.manager.start();
  await run.manager.process('web').until('failed');
  await expect.poll(() => run.eventsOf('files.watched').length, poll).toBe(1);
  await run.write('app.sh', 'still none');
  expect(await apply(run, { timeoutSec: 50 })).toMatchObject({
    met: false,
    processes: [{ phase: 'failed', restarted: true }],
  });
});

it('under a hold nothing follows, and the answer says so', async () => {
  await using run = await running();
  await run.manager.call('watch.hold', {}, { caller: 'tester' });
  await run.write('app.py', good('second'));
  expect(await apply(run, { timeoutSec: 50 })).toMatchObject({
    met: false,
    processes: [{ restarted: false, note: '1 changed file waits for a hold: call release_changes' }],
  });
  await run.manager.call('watch.release', { lease: 'hold-1' }, { caller: 'tester' });
  expect(await apply(run)).toMatchObject({ met: true, processes: [{ restarted: true }] });
});

it('a lock is waited for', async () => {
  await using run = await running({ gate: ['.git/index.lock'] });
  await mkdir(join(run.root, '.git'));
  await run.write('.git/index.lock', '');
  await run.write('app.py', good('second'));
  expect(await apply(run, { timeoutSec: 0.5 })).toMatchObject({
    met: false,
    processes: [{ note: expect.stringContaining('.git/index.lock') }],
  });
  const waiting = apply(run, { timeoutSec: 50 });
  await rm(join(run.root, '.git/index.lock'));
  expect(await waiting).toMatchObject({ met: true, processes: [{ restarted: true }] });
});

it('a start that takes too long is told, and told again when it has come', async () => {
  await using run = await running();
  await run.write('app.py', `import os, time\nwhile not os.path.exists("go"): time.sleep(0.02)\n${good('second')}`);
  expect(await apply(run, { timeoutSec: 1 })).toMatchObject({
    met: false,
    processes: [{ phase: expect.stringMatching(/start|stop|wait/), note: 'not within 1 s' }],
  });
  await run.write('go', '');
  const again = await apply(run);
  expect(again).toMatchObject({ met: true, changedFiles: 1, processes: [{ restarted: true }] });
  expect(again.processes[0]?.newLogs.map(({ text }) => text)).toEqual(['second', 'listening']);
});

it('requests are delivered and checks are asked before the answer', async () => {
  const config = defineConfig({
    plugins: [fswatch(), health({ sample: false })],
    processes: {
      web: {
        command: ['node', told, '{port}'],
        port: 'auto',
        stop,
        health: { tcp: true },
        fswatch: { include: ['*.json'], action: { post: '/changed' } },
      },
    },
  });
  await using run = await manage(config, { 'a.json': '1' });
  await run.manager.process('web').start();
  await expect.poll(() => run.eventsOf('files.watched').length, poll).toBe(1);
  await run.write('a.json', '2');
  const { processes } = await apply(run);
  expect(processes).toMatchObject([{ restarted: false, count: 1, probes: [{ by: 'tcp', ok: true }] }]);
  expect(processes[0]?.newLogs.map(({ text }) => text)).toEqual([expect.stringContaining('POST /changed')]);
});

it('what is not watched or not there is refused with what to do', async () => {
  const config = defineConfig({ plugins: [fswatch()], processes: { web: { command: 'sleep 60', stop } } });
  await using run = await manage(config);
  await expect(apply(run, { name: 'web' })).rejects.toMatchObject({
    code: 'PB_NOT_WATCHED',
    hint: 'Add "fswatch: true" to "web" in the config, or call restart_process.',
  });
  await expect(apply(run)).rejects.toMatchObject({ code: 'PB_NOT_WATCHED' });
  await expect(apply(run, { name: 'wbe' })).rejects.toMatchObject({ code: 'PB_PROCESS_UNKNOWN' });
});

it('it ends at once when nobody needs it any more', async () => {
  await using run = await running();
  await run.write('app.py', 'import time; time.sleep(60)\n');
  const gone = new AbortController();
  const waiting = run.manager.call('watch.apply', { timeoutSec: 50 }, { caller: 'tester', signal: gone.signal });
  await run.manager.process('web').until(({ phase, generation }) => phase === 'starting' && generation === 2);
  gone.abort(new Error('disconnected'));
  expect(await waiting).toMatchObject({ ok: false, error: { message: expect.stringContaining('disconnected') } });
});

it('it ends with the manager, and with its plugin', async () => {
  const slow = 'import time; time.sleep(60)\n';
  for (const end of ['close', 'reload'] as const) {
    await using run = await running();
    await run.write('app.py', slow);
    const waiting = run.manager.call('watch.apply', { timeoutSec: 50 }, { caller: 'tester' });
    await run.manager.process('web').until(({ phase, generation }) => phase === 'starting' && generation === 2);
    if (end === 'close') await run.manager.close();
    else await run.manager.reload(defineConfig({ processes: { web: program } }));
    expect(await waiting).toMatchObject(
      end === 'close' ? { value: { met: false, processes: [{ phase: 'stopped' }] } } : { ok: false },
    );
  }
});

it('a process that writes what it watches is told to be left alone', async () => {
  const writes = 'import time\nprint("listening")\nopen("other.py", "w").write(str(time.time()))\ntime.sleep(60)\n';
  await using run = await running();
  await run.write('app.py', writes);
  await expect.poll(() => run.eventsOf('files.suspended').length, { timeout: 50_000 }).toBe(1);
  expect(await apply(run)).toMatchObject({
    processes: [
      { note: expect.stringContaining('it seems to write what it watches: call list_watches, then resume_watch') },
    ],
  });
});

it('many calls at once are one restart', async () => {
  await using run = await running();
  await run.write('app.py', good('second'));
  const answers = await Promise.all(Array.from({ length: 50 }, () => apply(run, { name: 'web' })));
  for (const { met, processes } of answers)
    expect({ met, processes }).toMatchObject({ met: true, processes: [{ restarted: true }] });
  expect(run.manager.process('web').view.generation).toBe(2);
});

it('who edits and asks again and again is no loop', async () => {
  await using run = await running();
  for (let count = 0; count < 12; count += 1) {
    await run.write('app.py', good(`edit ${count}`));
    expect(await apply(run, { name: 'web' })).toMatchObject({ met: true, processes: [{ restarted: true }] });
  }
  expect(run.eventsOf('files.suspended')).toEqual([]);
});

it('what is suspended does not run with the edits, and that is said at each call', async () => {
  const restless = ['sh', '-c', 'test -e calm || { sleep 0.2; date +%s%N > state.txt; }; exec sleep 60'] as const;
  const config = defineConfig({
    plugins: [fswatch()],
    processes: { web: { command: [...restless], stop, fswatch: { include: ['*.txt'] } } },
  });
  await using run = await manage(config, { 'a.txt': '1' });
  await run.manager.start();
  await expect.poll(() => run.eventsOf('files.suspended').length, { timeout: 60_000 }).toBe(1);
  const process = run.manager.process('web');
  await process.until('ready');
  const suspended = {
    met: false,
    summary: expect.stringContaining('edits are not followed'),
    processes: [{ name: 'web', ready: true }],
  };
  await run.write('a.txt', '2');
  expect(await apply(run, { name: 'web' })).toMatchObject(suspended);
  expect(await apply(run)).toMatchObject(suspended);
});
