import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

let project: Project;
beforeAll(async () => {
  project = await Project.create({});
  await mkdir(join(project.root, 'sub'));
  await project.write({ '.secrets': 'API_TOKEN=open-sesame\n', 'sub/plain.txt': '' });
  const web = { command: fixture('server'), port: 'auto', cwd: 'sub', envFile: ['.secrets'], env: { LEVEL: '7' } };
  const off = { command: fixture('server'), autostart: false };
  await project.configure(JSON.stringify({ processes: { web, off } }));
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

test('a program gets the variables and the folder of the process, and is no child of the manager', async () => {
  const { processes } = await project.status();
  const script = 'echo "$PORT $LEVEL $API_TOKEN [$PROMPTBIN_STAMP$PROMPTBIN_RUN] $PWD"';
  const { code, stdout, stderr } = await project.run('exec', 'web', '--', 'sh', '-c', script);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const port = processes.find(({ name }) => name === 'web')?.port;
  expect(stdout).toBe(`${port} 7 open-sesame [] ${join(project.root, 'sub')}\n`);
});

test.each([
  [['sh', '-c', 'exit 42'], 42],
  [['sh', '-c', 'kill -9 $$'], 137],
  [['there-is-no-such-program'], 127],
  [['./plain.txt'], 126],
])('the exit code is that of a shell: %j', async (words, code) => {
  const finished = await project.run('exec', 'web', '--', ...words);
  expect(finished.code).toBe(code);
  if (code === 127)
    expect(finished.stderr).toMatch(/^error: "there-is-no-such-program" was not found, with the PATH of web/);
});

test('it is on the terminal of whoever types, whose Ctrl-C it gets', async () => {
  const script =
    'trap "echo interrupted; exit 9" INT; test -t 0 && test -t 1 && echo "on $TERM"; while :; do sleep 0.1; done';
  const run = inTerminal(project, ['exec', 'web', '--', 'sh', '-c', script], { env: { TERM: 'xterm-256color' } });
  await run.says(/on xterm-256color/);
  run.child.stdin?.write('\u0003');
  const { code, stdout } = await run.finished;
  expect(stdout).toContain('interrupted');
  expect(code).toBe(9);
});

test('without a run of the process, or without such a process, it says so', async () => {
  expect(await project.run('exec', 'off', '--', 'env')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'error: "off" is not up, so nothing can run beside it.\n  Start it first.\n',
  });
  expect(await project.run('exec', 'wbe', '--', 'env')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "web"?'),
  });
  expect((await project.run('exec', 'web')).code).toBe(2);
});
