import { fileURLToPath } from 'node:url';
import { defineConfig, type ManagedProcess, systemClock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { type Managed, manage } from '../../../../test-support/manage.ts';
import { type ActionFields, fswatch } from '../../src/index.ts';

const fixture = fileURLToPath(new URL('../fixtures/told.mjs', import.meta.url));
const poll = { timeout: 30_000 };

function config(action: ActionFields, delayMs = 0) {
  return defineConfig({
    plugins: [fswatch()],
    processes: {
      web: {
        command: [process.execPath, fixture, '{port}', String(delayMs)],
        port: 'auto',
        stop: { grace: '2s' },
        fswatch: { include: ['*.txt'], action },
      },
    },
  });
}

const textsOf = (process: ManagedProcess) => process.logs().lines.map(({ text }) => text);

/** Writes until it is seen; the watch may not have begun. */
async function editUntilSeen(run: Managed, file = 'a.txt'): Promise<void> {
  const before = run.eventsOf('files.changed').length;
  while (run.eventsOf('files.changed').length === before) {
    await run.write(file, `${Math.random()}`);
    await systemClock.sleep(100);
  }
}

describe('POST', () => {
  it('tells a process that is ready which files have changed, and it goes on', async () => {
    await using run = await manage(config({ post: '/changed' }));
    const web = run.manager.process('web');
    const { pid } = await web.start();
    await editUntilSeen(run);
    await expect
      .poll(() => textsOf(web), poll)
      .toContain(
        'POST /changed application/json {"process":"web","files":[{"path":"a.txt","kind":"added"}],"count":1}',
      );
    expect(web.view).toMatchObject({ pid, generation: 1 });
    expect(run.eventsOf('files.actionFault')).toEqual([]);
  });

  it('comes when the process is ready, and once for all that came before', async () => {
    await using run = await manage(config({ post: '/changed' }, 1500));
    const web = run.manager.process('web');
    const started = run.manager.start();
    await web.until('starting');
    await editUntilSeen(run, 'a.txt');
    await editUntilSeen(run, 'b.txt');
    const seenEarly = web.view.phase === 'starting';
    await started;
    await web.until('ready');
    await expect.poll(() => textsOf(web).some((text) => text.includes('b.txt')), poll).toBe(true);
    // Only when both edits were seen in time there is one message for them.
    if (seenEarly) expect(textsOf(web).filter((text) => text.startsWith('POST'))).toHaveLength(1);
    expect(textsOf(web).join()).toContain('a.txt');
  });

  it('that is not answered well is a fault that says how, after another try', async () => {
    await using run = await manage(config({ post: '/nowhere' }));
    const web = run.manager.process('web');
    await web.start();
    await editUntilSeen(run);
    await expect
      .poll(() => run.eventsOf('files.actionFault'), poll)
      .toMatchObject([{ name: 'web', message: 'web: POST /nowhere failed: HTTP 404' }]);
    expect(textsOf(web).filter((text) => text.startsWith('POST /nowhere'))).toHaveLength(3);
    expect(web.view).toMatchObject({ phase: 'running', generation: 1 });
  });
});

describe('a signal', () => {
  it('is sent when the process is ready', async () => {
    await using run = await manage(config('signal'));
    const web = run.manager.process('web');
    await web.start();
    await editUntilSeen(run);
    await expect.poll(() => textsOf(web), poll).toContain('heard SIGHUP');
    expect(run.eventsOf('process.signalled')[0]).toEqual({ name: 'web', generation: 1, signal: 'SIGHUP' });
    expect(web.view.generation).toBe(1);
  });

  it('is not for a process that is down, nor for the run after it', async () => {
    await using run = await manage(config('signal'));
    const web = run.manager.process('web');
    await web.start();
    await web.stop();
    await editUntilSeen(run);
    await web.start();
    await editUntilSeen(run, 'b.txt');
    await expect.poll(() => run.eventsOf('process.signalled').length, poll).toBe(1);
    expect(run.eventsOf('process.signalled')[0]?.generation).toBe(2);
  });
});

describe('a command', () => {
  it('runs in the folder and the environment of the process', async () => {
    const command = 'echo "$PROMPTBIN_PROCESS $(cat a.txt)" >> ran';
    await using run = await manage(config({ run: { command, shell: true } }));
    await run.manager.process('web').start();
    await editUntilSeen(run);
    await expect.poll(() => run.eventsOf('files.ran').length, poll).toBeGreaterThan(0);
    expect((await run.lines('ran'))[0]).toMatch(/^web 0\.\d+$/);
  });

  it('never runs twice at the same time, and once more for what came meanwhile', async () => {
    const command =
      'test -e busy && echo overlap >> ran; touch busy; sleep 0.5; rm busy; cat a.txt >> ran; echo >> ran';
    await using run = await manage(config({ run: { command, shell: true } }));
    await run.manager.process('web').start();
    await editUntilSeen(run);
    for (let edit = 0; edit < 5; edit += 1) {
      await run.write('a.txt', `edit ${edit}`);
      await systemClock.sleep(120);
    }
    await expect.poll(async () => (await run.lines('ran')).at(-1), poll).toBe('edit 4');
    expect(await run.lines('ran')).not.toContain('overlap');
  });

  it('that fails says so with its last words', async () => {
    await using run = await manage(config({ run: ['sh', '-c', 'echo no such target; exit 2'] }));
    await run.manager.process('web').start();
    await editUntilSeen(run);
    await expect.poll(() => run.eventsOf('files.actionFault').length, poll).toBeGreaterThan(0);
    expect(run.eventsOf('files.actionFault')[0]?.message).toMatch(/ failed: exit code 2: no such target$/);
  });
});
