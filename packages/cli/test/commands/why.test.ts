import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../../../test-support/free-port.ts';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

test('a port that is held by what a killed manager has left: who, whose, and how to get rid of it', async () => {
  const port = await freePort();
  const server = { command: fixture('server'), port: { preferred: port, strict: true } } as const;
  project = await Project.create({ web: server, worker: { command: fixture('server'), dependsOn: ['web'] } });
  const first = project.spawn(['up']);
  await first.says(/➜ web/);
  const [orphan] = (await project.status()).processes;
  const pid = orphan?.pid ?? -1;
  try {
    first.child.kill('SIGKILL');
    await first.finished;
    expect((await project.run('up', '--detach')).code).toBe(1);
    expect((await project.run('why', 'web')).stdout).toContain('left with "promptbin doctor --fix"');
    const { stdout } = await project.run('why', 'worker');
    expect(stdout).toMatch(
      new RegExp(
        [
          ` {2}← web has failed: port ${port} is held by pid ${pid} \\(node .*server\\.mjs\\) \\(.*\\)`,
          ` {2}← pid ${pid} comes from run 1 of "web" under an earlier manager, which was killed after 2.*Z`,
          'cause: dependencyDown.*',
          'changed since it was ready, at .*:',
          ' {2}.* manager started .*the one before .* ended without closing.*',
        ].join('\n'),
      ),
    );
    const { because, verdict } = JSON.parse((await project.run('why', 'worker', '--json')).stdout);
    expect(verdict).toBe('down');
    expect(because.map(({ text }: { text: string }) => text.slice(0, 12))).toEqual([
      'worker waits',
      'web has fail',
      `pid ${pid} comes`.slice(0, 12),
    ]);
  } finally {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
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
