import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../test-support/free-port.ts';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

test('a port that is held by another program: who, and what waits for it', async () => {
  const stranger = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void stranger.close());
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  const server = { command: fixture('server'), port: { preferred: port, strict: true } } as const;
  project = await Project.create({ web: server, worker: { command: fixture('server'), dependsOn: ['web'] } });
  expect((await project.run('up', '--detach')).code).toBe(1);
  const { pid } = process;
  expect((await project.run('why', 'web')).stdout).toContain(`Stop pid ${pid}, which has port ${port}`);
  const { stdout } = await project.run('why', 'worker');
  expect(stdout).toMatch(
    new RegExp(` {2}← web has failed: port ${port} is held by pid ${pid} \\(.*\\)\ncause: dependencyDown.*`),
  );
  const { because, verdict } = JSON.parse((await project.run('why', 'worker', '--json')).stdout);
  expect(verdict).toBe('down');
  expect(because.map(({ text }: { text: string }) => text.slice(0, 12))).toEqual(['worker waits', 'web has fail']);
});

test('what a killed manager has left is ended by the next before it starts anything, and that is told', async () => {
  const port = await freePort();
  const web = { command: fixture('server'), port: { preferred: port, strict: true } } as const;
  project = await Project.create({ web, deaf: { command: fixture('ignore-term'), ready: { log: 'deaf' } } });
  const first = project.spawn(['up']);
  await first.says(/➜ web/);
  await first.says(/deaf is ready/);
  const pids = (await project.status()).processes.map(({ pid }) => pid ?? -1);
  await project.abandon(first);
  const next = project.spawn(['up']);
  await next.says(/ended what the manager before had left of (web, deaf|deaf, web): pid \d+, \d+/);
  await next.says(new RegExp(`➜ web +http://127\\.0\\.0\\.1:${port}`));
  expect(pids.filter(isAlive)).toEqual([]);
  expect((await project.run('doctor', 'orphans')).code).toBe(0);
  // Nothing is looked for after a manager that has come to its end.
  next.child.kill('SIGINT');
  await next.finished;
  expect((await project.spawn(['up', '--json', '--detach']).finished).code).toBe(0);
  const { stdout } = await project.run('events', '--json', '-n', '1000');
  expect(stdout.match(/manager\.swept/g)).toHaveLength(1);
});

test('what runs again tells why, in a terminal, too', async () => {
  project = await Project.create({ web: { command: fixture('server'), port: 'auto' } });
  await project.run('up', '--detach');
  await project.run('restart', 'web');
  const { stdout } = await inTerminal(project, ['why', 'web'], { columns: 80 }).finished;
  expect(stdout).toMatch(/it was started again: restart requested by cli/);
});

test('what was edited while no manager ran is told by its path, not by its value', async () => {
  const web = { command: fixture('server'), port: 'auto', env: { LEVEL: '1', API_TOKEN: 'sesame' } } as const;
  project = await Project.create({ web });
  await project.run('up', '--detach');
  await project.run('down');
  const env = { API_TOKEN: 'open-sesame', LEVEL: '1' };
  await project.configure(
    JSON.stringify({ processes: { web: { ...web, command: fixture('exit-3'), env, ready: { log: 'never' } } } }),
  );
  await project.run('up', '--detach');
  const { stdout } = await project.run('why', 'web');
  expect(stdout).toMatch(
    /changed since it was ready, at .*:[\s\S]* command, env\.API_TOKEN are not as in run 1, which was ready/,
  );
  expect(stdout).not.toContain('sesame');
});
