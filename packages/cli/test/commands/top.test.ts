import { afterEach, expect, test } from 'vitest';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const server = { command: fixture('server'), port: 'auto' } as const;

test('shows every process, and does what the keys ask for', async () => {
  project = await Project.create({ web: server, other: server });
  await project.run('up', '--detach');
  const generation = async (): Promise<number> => (await project.status()).processes[1]?.generation ?? 0;
  const run = inTerminal(project, ['top'], { columns: 80, rows: 20 });
  const press = (keys: string): void => void run.child.stdin?.write(keys);
  await run.says(/❯ web +running/);
  press('\u001b[B');
  await run.says(/❯ other +running/);

  press('r');
  await run.says(/Restart other\? y\/n/);
  press('y');
  await run.says(/other +running +yes +\d+ +\d+s +1/);
  expect(await generation()).toBe(2);

  press('l');
  await run.says(/Logs of other[\s\S]*mode managed/);
  press('q');
  press('w');
  await run.says(/Why other[\s\S]*it was started again: restart requested by cli/);
  press('q');
  press('?');
  await run.says(/stop it, or start it/);
  press('q');

  press('s');
  await run.says(/Stop other\? y\/n/);
  press('y');
  await run.says(/other +stopped +no/);
  press('s');
  await run.says(/other +stopped +no[\s\S]*other +running +yes/);
  expect(await generation()).toBe(3);

  press('q');
  const { code, stdout } = await run.finished;
  expect(code).toBe(0);
  expect(stdout).toContain('\u001b[?25h\u001b[?1049l');
  expect(stdout).not.toContain('The manager has ended');
  expect((await project.status()).processes).toHaveLength(2);
});

test.each([
  ['is stopped', 'down', 0],
  ['is killed', 'SIGKILL', 3],
] as const)('leaves the terminal as it was when the manager %s', async (_, end, code) => {
  project = await Project.create({ idle: { command: 'sleep 600' } });
  await project.run('up', '--detach');
  const { manager, processes } = await project.status();
  const run = inTerminal(project, ['top']);
  await run.says(/❯ idle +running/);
  if (end === 'down') await project.run('down');
  else process.kill(manager.pid, end);
  const finished = await run.finished;
  expect(finished.code).toBe(code);
  expect(finished.stdout).toContain('\u001b[?25h\u001b[?1049l');
  expect(finished.stdout).toMatch(end === 'down' ? /The manager has ended\./ : /No manager is running/);
  await expect.poll(() => processes.filter(({ pid = 0 }) => isAlive(pid))).toEqual([]);
});

test('without a terminal it says what to use instead', async () => {
  project = await Project.create({ web: server });
  expect(await project.run('top')).toMatchObject({
    code: 2,
    stderr: 'error: `top` needs a terminal.\n  In a pipe: promptbin ps --watch\n',
  });
});
