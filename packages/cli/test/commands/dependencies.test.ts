import { afterEach, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const sleeping = 'sleep 600';
/** A job that succeeds once the file `fixed` is there. */
const setup = { kind: 'job', command: ['sh', '-c', 'echo no disk; [ -e fixed ]'] } as const;

test('what waits for something that has failed says so everywhere, and comes up with it', async () => {
  project = await Project.create({ setup, web: { command: sleeping, dependsOn: { setup: 'completed' } } });
  const up = project.spawn(['up']);
  await up.says(/✖ web is not up: dependency "setup" failed: exited with code 1\n {2}promptbin why web/);

  const ps = await project.run('ps');
  expect(ps.stdout).toMatch(/^web +waiting +no .* setup: failed \(exited with code 1\)$/m);
  const why = await project.run('why', 'web');
  expect(why.stdout).toContain('web waits for setup: failed (exited with code 1)\n');
  expect(why.stdout).toContain('cause: dependencyDown (dependency "setup" failed: exited with code 1)\n');
  expect(why.stdout).toMatch(
    /^ {2}← setup has failed: exited with code 1 .*\n {2}← it wrote: "no disk" \(line 1 of its output\)$/m,
  );
  expect(why.stdout).toContain('next:\n  promptbin why setup\n  promptbin start web\n');

  const inVain = await project.run('start', 'web');
  expect(inVain).toMatchObject({ code: 1, stdout: '' });
  expect(inVain.stderr).toBe(
    'web │ no disk\nerror: web waits for setup: failed (exited with code 1).\n  It comes up by itself as soon as what it waits for does.\n',
  );

  await project.write({ fixed: '' });
  expect((await project.run('start', 'setup')).code).toBe(0);
  expect((await project.run('start', 'web')).code).toBe(0);
  expect((await project.status()).processes.map(({ ready }) => ready)).toEqual([true, true]);
});

test('stop tells who was stopped first', async () => {
  project = await Project.create({ db: { command: sleeping }, web: { command: sleeping, dependsOn: ['db'] } });
  const up = project.spawn(['up']);
  await up.says(/all is up/);
  const { stdout, code } = await project.run('stop', 'db');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^db is stopped after \d+ ms; web was stopped first\n$/);
  const json = await project.run('stop', 'db', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, receipts: [{ name: 'db' }] });
});

describe('an essential process that fails for good', () => {
  test.each([
    ['exits', fixture('exit-3'), 'exited with code 3'],
    ['cannot be spawned', ['there-is-no-such-command'] as const, 'there-is-no-such-command'],
  ])('ends `up` with exit code 1: it %s', async (_, command, why) => {
    project = await Project.create({ web: { command, essential: true }, other: { command: sleeping } });
    const { code, stdout, stderr } = await project.run('up');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^promptbin +│ stopping: web is essential and has failed: /m);
    expect(stderr).toMatch(/^promptbin has ended: web is essential and has failed: /);
    expect(stderr).toContain(why);
  });

  test('ends a manager in the background, and whoever is attached hears of it', async () => {
    const command: [string, ...string[]] = ['sh', '-c', 'until [ -e fail ]; do sleep 0.02; done; exit 1'];
    project = await Project.create({ web: { command, essential: true } });
    expect((await project.run('up', '--detach')).code).toBe(0);
    const attached = project.spawn(['up']);
    await attached.says(/all is up/);
    await project.write({ fail: '' });
    const { stdout, stderr } = await attached.finished;
    expect(stdout).toContain('stopping: web is essential and has failed: exited with code 1');
    expect(stderr).toContain('The manager has ended.');
    expect((await project.run('ps')).code).toBe(3);
  });

  test('is no success of `up --detach` either, also when it fails in the middle of the start', async () => {
    const late = { kind: 'job', command: ['sh', '-c', 'sleep 0.2; exit 4'], essential: true } as const;
    const never = { command: sleeping, dependsOn: { late: 'completed' } } as const;
    project = await Project.create({ late, never, other: { command: sleeping } });
    const { code, stderr } = await project.run('up', '--detach');
    expect(code).toBe(1);
    expect(stderr).toContain('promptbin has ended: late is essential and has failed: exited with code 4');
  });

  test('ends a manager that is being left in the background, which says why', async () => {
    project = await Project.create({ web: { command: 'there-is-no-such-command', essential: true } });
    const { code, stderr } = await project.run('up', '--detach');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'promptbin has ended: web is essential and has failed: command "there-is-no-such-command"',
    );
  });
});
