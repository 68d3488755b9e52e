import { afterEach, expect, test } from 'vitest';
import { fixture, Project } from '../packages/cli/test/project.ts';
import { inTerminal } from '../packages/cli/test/terminal.ts';
import { isAlive, readProc } from '../test-support/alive.ts';
import { processesOf } from './support/processes.ts';
import { until } from './support/until.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const processes = {
  web: { command: fixture('server'), port: 'auto' },
  deaf: { command: fixture('ignore-term'), stop: { grace: '300ms' } },
} as const;

test('a terminal that is closed ends what runs in its foreground, and leaves nothing', async () => {
  project = await Project.create(processes);
  const up = inTerminal(project, ['up']);
  await up.says(/➜ web/);
  const pids = processesOf(project.root).map(({ pid }) => pid);
  expect(pids.length).toBeGreaterThanOrEqual(3);
  // Its end of the terminal goes with it.
  up.child.kill('SIGKILL');
  await until(
    () => processesOf(project.root),
    (left) => left.length === 0,
    'all have ended',
  );
  expect((await project.run('ps')).code).toBe(3);
  const { stdout } = await project.run('events', '-n', '200', '--json');
  expect(stdout).toMatch(/"manager\.closed"/);
});

test('what was left in the background outlives its terminal', async () => {
  project = await Project.create(processes);
  const up = inTerminal(project, ['up', '--detach']);
  await up.says(/➜ web/);
  up.child.kill('SIGHUP');
  await up.finished;
  const { manager, processes: views } = await project.status();
  expect(views.map(({ ready }) => ready)).toEqual([true, true]);
  for (const { pid = 0 } of [manager, ...views]) {
    expect(isAlive(pid)).toBe(true);
    const [, , , session, terminal] = readProc(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
    // A session of its own, and no terminal.
    expect([session, terminal]).toEqual([String(pid), '0']);
  }
  expect((await project.run('down')).code).toBe(0);
});
