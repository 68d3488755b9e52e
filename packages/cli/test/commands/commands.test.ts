import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { fixture, Project } from '../project.ts';

const web = { command: fixture('server'), port: 'auto' } as const;
let project: Project;

beforeAll(async () => {
  project = await Project.create({
    web,
    chatter: { command: fixture('chatter'), env: { COUNT: 120 }, ready: { log: 'line 120' } },
    bad: { command: fixture('exit-3'), autostart: false, ready: { log: 'never' } },
  });
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

describe('ps', () => {
  test('is a table for people', async () => {
    const { code, stdout } = await project.run('ps');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^NAME +PHASE +READY +PID +URL +UPTIME +RESTARTS +WHY$/);
    expect(stdout).toMatch(/^web +running +yes +\d+ +http:\/\/127\.0\.0\.1:\d+ +\d+s +0$/m);
  });

  test('is one object for programs', async () => {
    const pid = await project.manager();
    expect(await project.status()).toMatchObject({
      version: 1,
      manager: { pid, project: expect.any(String), since: expect.any(String), socket: expect.any(String) },
      processes: [{ name: 'web', phase: 'running', desired: 'up', ready: true }, { name: 'chatter' }, { name: 'bad' }],
    });
  });
});

describe('start, restart and stop', () => {
  test('several at once, with their status and receipts', async () => {
    const before = await project.status();
    const stopped = await project.run('stop', 'web', 'chatter', '--json');
    expect(stopped.code).toBe(0);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      version: 1,
      ok: true,
      processes: [
        { name: 'web', phase: 'stopped' },
        { name: 'chatter', phase: 'stopped' },
      ],
      receipts: [
        { name: 'web', signalled: [before.processes[0]?.pid], killed: [], escaped: [], tookMs: expect.any(Number) },
        { name: 'chatter' },
      ],
    });
    const started = await project.run('start', 'web', 'chatter', '--json');
    expect(started.code).toBe(0);
    expect(JSON.parse(started.stdout)).toMatchObject({
      version: 1,
      ok: true,
      processes: [
        { name: 'web', ready: true },
        { name: 'chatter', ready: true },
      ],
    });
    const restarted = await project.run('restart', 'web');
    expect([restarted.code, restarted.stdout]).toEqual([0, expect.stringMatching(/^web is ready at http/)]);
  });

  test('one that fails says why, with its last lines, and exit code 1', async () => {
    const shown = await project.run('start', 'bad', 'web');
    expect(shown.code).toBe(1);
    expect(shown.stdout).toMatch(/^web is ready/);
    expect(shown.stderr).toMatch(/bad │ the last words/);
    expect(shown.stderr).toMatch(/error: .*code 3/);
    const told = await project.run('start', 'bad', '--json');
    expect(told.code).toBe(1);
    expect(JSON.parse(told.stdout)).toMatchObject({
      version: 1,
      ok: false,
      error: { code: 'PB_START_FAILED' },
      processes: [{ name: 'bad', phase: 'failed' }],
    });
  });

  test.each(['start', 'stop', 'restart', 'why', 'logs'])(
    '%s of a mistyped name suggests, with exit code 2',
    async (action) => {
      const { code, stderr } = await project.run(action, 'wbe');
      expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean "web"?')]);
    },
  );
});

describe('why', () => {
  test('tells verdict, cause, evidence, and what to type next', async () => {
    await project.run('start', 'bad');
    const { code, stdout } = await project.run('why', 'bad');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^bad has failed.*code 3/);
    expect(stdout).toMatch(/^ {2}← it wrote: "the last words" \(line \d+ of its output\)$/m);
    expect(stdout).toMatch(/^ {2}promptbin start bad$/m);
    const told = JSON.parse((await project.run('why', 'bad', '--json')).stdout);
    expect(told).toMatchObject({ version: 1, name: 'bad', verdict: 'down', cause: { code: 'exited' } });
    expect(told.chain.at(-1)).toMatchObject({
      seq: expect.any(Number),
      at: expect.any(String),
      text: expect.any(String),
    });
    expect(told.next).toContain('promptbin start bad');
  });
});

describe('logs', () => {
  test('are the newest lines of one process as they are, or of all with their names', async () => {
    expect((await project.run('logs', 'chatter', '-n', '2')).stdout).toBe('line 119\nline 120\n');
    expect(
      (await project.run('logs', '-n', '1')).stdout.split('\n').filter((line) => line.startsWith('chatter')),
    ).toEqual(['chatter │ line 120']);
    const [line] = (await project.run('logs', 'chatter', '-n', '1', '--json')).stdout.trim().split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ name: 'chatter', stream: 'out', text: 'line 120' });
    expect((await project.run('logs', 'chatter', '-n', 'few')).code).toBe(2);
  });

  test('are followed, without a gap and without a line twice', async () => {
    const following = project.spawn(['logs', 'chatter', '-f', '-n', '3']);
    await following.says(/line 120/);
    await project.run('restart', 'chatter');
    await following.says(/line 1\n.*line 120/s);
    following.child.kill('SIGINT');
    const { stdout } = await following.finished;
    const lines = stdout.trim().split('\n');
    // A line tells where the next run begins.
    expect(lines.splice(3, 1)).toEqual([expect.stringMatching(/^── chatter run \d+, pid \d+ ──$/)]);
    const numbers = lines.map((line) => Number(line.slice('line '.length)));
    expect(numbers).toEqual([118, 119, 120, ...Array.from({ length: 120 }, (_, index) => index + 1)]);
  });
});

test('logs that nobody reads any more end', async () => {
  const following = project.spawn(['logs', 'chatter', '-f']);
  await following.says(/line 120/);
  following.child.stdout?.destroy();
  await project.run('restart', 'chatter');
  expect((await following.finished).code).toBe(0);
});

test('a program connects with the package', async () => {
  const manager = await connect(project.root);
  const result = await manager.call('process.get', { name: 'web' }, { caller: 'a test' });
  expect(result).toMatchObject({ ok: true, value: { name: 'web', ready: true } });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { type } of manager.subscribe({ after: 0 })) {
      seen.push(type);
      if (type === 'process.stopped') break;
    }
  })();
  await manager.call('process.restart', { name: 'web' }, { caller: 'a test' });
  await reading;
  expect(seen).toContain('process.spawned');
  manager.close();
});

test('a mistyped command suggests, with exit code 2', async () => {
  const { code, stderr } = await project.run('strat', 'web');
  expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean start?')]);
  expect((await project.run()).code).toBe(2);
});
