import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project, type Run } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;

describe('a project has one manager', () => {
  test('of several that start at once, one manages and the others attach', async () => {
    project = await Project.create({ web });
    const runs = [1, 2, 3].map(() => project.spawn(['up']));
    await Promise.all(runs.map((run) => run.says(/➜ web/)));
    const manager = await project.manager();
    const managing = runs.filter((run) => /manages/.test(run.stdout));
    expect(managing.map(({ pid }) => pid)).toEqual([manager]);
    const { processes } = await project.status();
    expect(processes).toMatchObject([{ name: 'web', generation: 1, ready: true }]);
  });

  test('a second one shows it, starts what is named, and leaves it alone on Ctrl-C', async () => {
    project = await Project.create({ web, other: { ...web, autostart: false } });
    const first = project.spawn(['up']);
    await first.says(/➜ web/);
    const second = project.spawn(['up', 'other']);
    await second.says(/➜ other/);
    await second.says(/Attached to the manager .*\(pid \d+\)/, 'stderr');
    await second.says(/^web +│ listening$/m);
    second.child.kill('SIGINT');
    expect((await second.finished).code).toBe(0);
    expect((await project.status()).processes).toMatchObject([{ ready: true }, { ready: true }]);
    expect(first.child.exitCode).toBeNull();
  });

  test('one that is attached ends with it', async () => {
    project = await Project.create({ web });
    const first = project.spawn(['up']);
    await first.says(/➜ web/);
    const second = project.spawn(['up']);
    await second.says(/➜ web/);
    first.child.kill('SIGINT');
    const { code, stdout, stderr } = await second.finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/web has stopped/);
    expect(stderr).toMatch(/The manager has ended/);
  });

  test('after one was killed, the next takes its place', async () => {
    project = await Project.create({ web });
    const first = project.spawn(['up']);
    await first.says(/➜ web/);
    const [orphan = { pid: undefined }] = (await project.status()).processes;
    first.child.kill('SIGKILL');
    await first.finished;
    expect((await project.run('ps')).code).toBe(3);
    const second: Run = project.spawn(['up']);
    await second.says(/➜ web/);
    expect(await project.manager()).toBe(second.pid);
    // By its guardian or by the next manager, whoever was faster.
    expect(isAlive(orphan.pid ?? 0)).toBe(false);
  });
});
