import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

let project: Project;
beforeAll(async () => {
  project = await Project.create({
    console: { command: fixture('console'), stdin: 'pipe', ready: { log: 'at your service' } },
    web: { command: fixture('server'), port: 'auto' },
    bad: { command: fixture('exit-3'), autostart: false, ready: { log: 'never' } },
    job: { command: 'true', kind: 'job' },
    idle: { command: 'sleep 600', autostart: false },
  });
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

describe('wait', () => {
  test('is done when a process is what is asked for', async () => {
    const ready = await project.run('wait', 'web');
    expect(ready).toMatchObject({ code: 0, stdout: expect.stringMatching(/^web is ready at http:/), stderr: '' });
    const exited = await project.run('wait', 'job', '--for', 'exited');
    expect(exited).toMatchObject({ code: 0, stdout: expect.stringMatching(/^job has exited \(code 0 /) });
    expect((await project.run('wait', 'idle', '--for', 'stopped')).code).toBe(0);
  });

  test('for what is not wanted up is over at once, and for its stop as soon as that has come', async () => {
    const down = await project.run('wait', 'idle', '--for', 'running', '--timeout', '1h');
    expect(down).toMatchObject({ code: 1, stderr: expect.stringContaining('idle is not running: idle is stopped') });
    await project.run('start', 'idle');
    const stopped = project.spawn(['wait', 'idle', '--for', 'stopped']);
    await project.run('stop', 'idle');
    expect((await stopped.finished).code).toBe(0);
  });

  test('tells why it is in vain, with exit code 1', async () => {
    await project.run('start', 'bad');
    const shown = await project.run('wait', 'bad');
    expect(shown).toMatchObject({ code: 1, stdout: '' });
    expect(shown.stderr).toMatch(/^bad │ the last words\nerror: bad is not ready: bad has failed: .*code 3/);
    const late = await project.run('wait', 'web', '--for', 'exited', '--timeout', '50ms', '--json');
    expect([late.code, JSON.parse(late.stdout)]).toMatchObject([
      1,
      {
        version: 1,
        ok: false,
        error: { code: 'PB_WAIT_TIMEOUT', message: expect.stringContaining('not within 0.05 s') },
        processes: [{ name: 'web', met: false, reason: expect.any(String), logCursor: 2 }],
      },
    ]);
  });

  test('takes a line that is there already after the number of one', async () => {
    const { code, stdout } = await project.run('wait', 'web', '--pattern', '^listen', '--after', '0');
    expect([code, stdout]).toEqual([0, 'web has written: listening\n']);
    const unseen = await project.run('wait', 'web', '--pattern', '^listen', '--timeout', '50ms');
    expect(unseen.code).toBe(1);
  });

  test.each([
    ['a line without a pattern', ['web', '--for', 'log'], '--for log needs a --pattern.'],
    ['a pattern for nothing', ['web', '--for', 'ready', '--pattern', 'x'], '--for ready takes no --pattern.'],
    ['a pattern that cannot be read', ['web', '--pattern', '('], 'cannot be read'],
    ['a time without a unit', ['web', '--timeout', '30'], '--timeout is "30", which is no duration.'],
    ['a time that is too long', ['web', '--timeout', '2h'], '1h is the longest'],
    ['a state that there is not', ['web', '--for', 'dinner'], 'Allowed choices are ready, running'],
    ['a mistyped name', ['wbe'], 'Did you mean "web"?'],
  ])('refuses %s, with exit code 2', async (_what, args, why) => {
    const { code, stderr } = await project.run('wait', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});

describe('send', () => {
  test('writes a line, whose answer is found by the cursor', async () => {
    const sent = await project.run('send', 'console', 'hello', '--json');
    const answer = JSON.parse(sent.stdout);
    expect([sent.code, answer]).toMatchObject([0, { version: 1, ok: true, name: 'console', bytes: 6 }]);
    const waited = await project.run('wait', 'console', '--pattern', '^HELLO$', '--after', `${answer.logCursor}`);
    expect([waited.code, waited.stdout]).toEqual([0, 'console has written: HELLO\n']);
    expect((await project.run('send', 'console', '--', '--flag')).stdout).toBe('7 bytes were written to console\n');
  });

  test('to what takes no input says how that is changed, with exit code 1', async () => {
    const { code, stderr } = await project.run('send', 'web', 'hello');
    expect([code, stderr]).toEqual([1, expect.stringContaining('Set "stdin" of "web" to "pipe" in the config.')]);
    expect((await project.run('send', 'cnosole', 'hello')).stderr).toContain('Did you mean "console"?');
  });
});

describe('signal', () => {
  test('reaches the process, however its name is written', async () => {
    const { logCursor } = JSON.parse((await project.run('send', 'console', 'a', '--json')).stdout);
    for (const name of ['HUP', 'sighup']) {
      const { code, stdout, stderr } = await project.run('signal', 'console', name);
      expect([code, stdout, stderr]).toEqual([
        0,
        expect.stringMatching(/^SIGHUP was sent to console \(pid \d+\)\n$/),
        '',
      ]);
    }
    const heard = await project.run('wait', 'console', '--pattern', 'read anew', '--after', `${logCursor}`);
    expect(heard.code).toBe(0);
  });

  test('that is for a stop is refused with the command for it, with exit code 2', async () => {
    const { code, stderr } = await project.run('signal', 'web', 'KILL');
    expect([code, stderr]).toEqual([2, expect.stringContaining('promptbin stop web')]);
  });

  test('to what is not up is exit code 1', async () => {
    const { code, stderr } = await project.run('signal', 'idle', 'HUP');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/"idle" is not up.*\n {2}Start it first\./)]);
  });
});
