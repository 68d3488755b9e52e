import { afterEach, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const server = { command: fixture('server'), port: 'auto' } as const;
const processes = { db: server, web: { ...server, dependsOn: ['db'] }, other: server };

async function phases(): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await project.status()).processes.map(({ name, phase }) => [name, phase]));
}

describe('up', () => {
  test('--no-deps starts what is named and nothing that it depends on, in a new manager and in one that runs', async () => {
    project = await Project.create(processes);
    expect((await project.run('up', 'web', '--no-deps', '--detach')).code).toBe(0);
    expect(await phases()).toEqual({ db: 'stopped', web: 'running', other: 'stopped' });
    await project.run('stop', 'web');
    expect((await project.run('up', 'web', '--no-deps', '--detach')).code).toBe(0);
    expect(await phases()).toEqual({ db: 'stopped', web: 'running', other: 'stopped' });
    expect((await project.run('restart', 'web')).code).toBe(0);
    expect(await phases()).toMatchObject({ db: 'stopped', web: 'running' });
    expect((await project.run('start', 'web')).code).toBe(0);
    // What it waits for is "web", which was there.
    await expect.poll(phases).toMatchObject({ db: 'running', web: 'running' });
  });

  test('--only stops what is neither named nor needed, before it starts anything', async () => {
    project = await Project.create(processes);
    expect((await project.run('up', '--detach')).code).toBe(0);
    const before = await project.status();
    expect((await project.run('up', 'web', '--only', '--detach')).code).toBe(0);
    expect(await phases()).toEqual({ db: 'running', web: 'running', other: 'stopped' });
    const generations = ({ processes }: typeof before) => processes.map(({ generation }) => generation);
    expect(generations(await project.status())).toEqual(generations(before));
    expect((await project.run('up', 'other', '--only', '--detach')).code).toBe(0);
    expect(await phases()).toEqual({ db: 'stopped', web: 'stopped', other: 'running' });
    const attached = project.spawn(['up', 'db', '--only']);
    await attached.says(/➜ db/);
    expect(await phases()).toEqual({ db: 'running', web: 'stopped', other: 'stopped' });
  });

  test('with a name that is not there stops nothing', async () => {
    project = await Project.create(processes);
    await project.run('up', '--detach');
    const { code, stderr } = await project.run('up', 'wbe', '--only', '--detach');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean "web"?')]);
    expect(await phases()).toEqual({ db: 'running', web: 'running', other: 'running' });
  });

  test.each([
    [['--only'], '--only needs the names of processes'],
    [['--no-deps'], '--no-deps needs the names of processes'],
    [['--timeout', '5s'], '--timeout needs --detach or --wait'],
    [['--wait', '--timeout', 'soon'], '--timeout is "soon", which is no duration'],
  ])('%j starts nothing and says why', async (flags, why) => {
    project = await Project.create(processes);
    const { code, stderr } = await project.run('up', ...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(await project.manager()).toBeUndefined();
  });
});

describe('up --wait', () => {
  const retry = { policy: 'always', backoff: { initial: '50ms', max: '50ms', jitter: 'none' }, maxRestarts: 20 };

  test('goes on while restarts may help, where --detach takes a second crash for an answer', async () => {
    project = await Project.create({});
    // It crashes three times; the fourth time it stays.
    const script = 'echo >> tries; [ $(wc -l < tries) -gt 3 ] || exit 3; echo up; exec sleep 300';
    const flaky = { command: ['sh', '-c', script], ready: { log: 'up' }, restart: retry };
    await project.configure(JSON.stringify({ plugins: ['@promptbin/plugin-restart'], processes: { flaky } }));
    const { code, stdout } = await project.run('up', '--wait', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, processes: [{ name: 'flaky', ready: true, generation: 4 }] });
    expect(code).toBe(0);
  });

  test('is exit code 1 as soon as one has failed for good', async () => {
    project = await Project.create({});
    const bad = { command: fixture('exit-3'), ready: { log: 'never' }, restart: { ...retry, maxRestarts: 3 } };
    await project.configure(JSON.stringify({ plugins: ['@promptbin/plugin-restart'], processes: { bad } }));
    const { code, stdout } = await project.run('up', '--wait');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/✖ bad is not up: /)]);
    expect(await phases()).toEqual({ bad: 'failed' });
  });

  test('is exit code 1 when time is up, says what is missing and leaves the manager', async () => {
    project = await Project.create({ slow: { command: fixture('server'), port: 'auto', ready: { log: 'never' } } });
    const { code, stdout, stderr } = await project.run('up', '--wait', '--timeout', '1s');
    expect([code, stderr]).toEqual([1, 'Time is up after 1s; the manager goes on.\n']);
    expect(stdout).toMatch(/✖ slow is starting, not ready yet/);
    expect(await phases()).toEqual({ slow: 'starting' });
  });
});

test('whoever waits is told what for after five seconds', async () => {
  project = await Project.create({
    db: { command: fixture('server'), port: 'auto', ready: { log: 'never' } },
    web: { ...server, dependsOn: ['db'] },
  });
  const up = project.spawn(['up']);
  await up.says(/^promptbin │ after 5 s: db is starting, not ready yet.*; web waits for db: not ready \(starting\)$/m);
  const start = project.spawn(['start', 'web']);
  const detach = project.spawn(['up', '--detach']);
  await start.says(/^after 5 s: web waits for db/m, 'stderr');
  await detach.says(/^after 5 s: db is starting/m, 'stderr');
});

describe('--quiet', () => {
  test('leaves what was asked for: the output of processes, not what promptbin says of them', async () => {
    project = await Project.create({ chatter: { command: fixture('chatter'), env: { COUNT: 1 } } });
    const up = project.spawn(['up', '--quiet']);
    await up.says(/line 1/);
    await expect.poll(phases).toEqual({ chatter: 'running' });
    up.child.kill('SIGINT');
    expect(await up.finished).toEqual({ code: 0, signal: null, stdout: 'chatter   │ line 1\n', stderr: '' });
  });

  test('leaves nothing of what went well', async () => {
    project = await Project.create({ web: server });
    for (const command of [['up', '-d'], ['restart', 'web'], ['config', 'check'], ['stop', 'web'], ['down']]) {
      const { code, stdout, stderr } = await project.run(...command, '-q');
      expect([command, code, stdout, stderr]).toEqual([command, 0, '', '']);
    }
  });

  test('leaves errors, and what was asked for', async () => {
    project = await Project.create({ bad: { command: fixture('exit-3'), ready: { log: 'never' } } });
    const up = await project.run('--quiet', 'up', '-d');
    expect([up.code, up.stdout]).toEqual([1, expect.stringMatching(/^✖ bad is not up: .*\n.*why bad\n$/)]);
    expect((await project.run('ps', '--quiet')).stdout).toMatch(/^NAME .*\nbad +failed/);
    expect((await project.run('exec', 'bad', '--', 'true', '-q')).stderr).toMatch(/^error: "bad" is not up/);
  });
});
