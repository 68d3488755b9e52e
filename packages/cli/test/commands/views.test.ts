import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project } from '../project.ts';

const listener = (port: string): [string, string, string] => [
  process.execPath,
  '-e',
  `require('node:net').createServer().listen(${port}, '127.0.0.1')`,
];

let project: Project;
beforeAll(async () => {
  project = await Project.create({});
  await project.configure(
    JSON.stringify({
      plugins: ['@promptbin/plugin-restart'],
      processes: {
        setup: { command: 'true', kind: 'job' },
        db: { command: listener('process.env.PORT'), port: 'auto', dependsOn: { setup: 'completed' } },
        end: { command: 'sleep 600', dependsOn: ['db'] },
        web: {
          command: listener('0'),
          port: 'auto',
          dependsOn: { db: 'ready', end: 'started' },
          ready: { timeout: '60s' },
        },
        off: { command: 'sleep 600', port: 4999, autostart: false },
      },
    }),
  );
  await project.run('up', '--detach');
});
afterAll(() => project[Symbol.asyncDispose]());

describe('ports', () => {
  test('tell who has which, and what it was told when that is another one', async () => {
    const { processes } = await project.status();
    const { code, stdout } = await project.run('ports');
    expect(code).toBe(0);
    const of = (name: string) => processes.find((view) => view.name === name);
    expect(stdout).toMatch(/^PORT +PROCESS +PID +ASKED +TOLD +NOTE$/m);
    expect(stdout).toMatch(new RegExp(`^${of('db')?.port} +db +${of('db')?.pid} +auto +${of('db')?.port}$`, 'm'));
    const web = of('web');
    expect(stdout).toMatch(
      new RegExp(
        `^${web?.port} +web +${web?.pid} +auto +(\\d+) +listens on port ${web?.port}, not on \\1 as it was told$`,
        'm',
      ),
    );
    expect(stdout).toMatch(/^- +off +- +4999 +-$/m);
    expect(stdout).not.toMatch(/setup|end/);
  });

  test('are facts for programs', async () => {
    const { ports } = JSON.parse((await project.run('ports', '--json')).stdout);
    expect(ports).toMatchObject([
      { name: 'db', port: expect.any(Number), pid: expect.any(Number), preferred: 'auto' },
      { name: 'web', deviation: 'port', told: expect.any(Number), note: expect.any(String) },
      { name: 'off', preferred: 4999 },
    ]);
  });
});

describe('the graph', () => {
  test('is a tree with the phase of each, in which nothing is told twice', async () => {
    const { code, stdout } = await project.run('graph');
    expect([code, stdout.trimEnd().split('\n')]).toEqual([
      0,
      [
        'web  running',
        '├─ db  running  (to be ready)',
        '│  └─ setup  completed  (to be completed)',
        '└─ end  running  (to be started)',
        '   └─ db  running  (to be ready)  (see above)',
        'off  stopped',
      ],
    ]);
  });

  test('is a Mermaid diagram, whatever the processes are called', async () => {
    const { stdout } = await project.run('graph', '--mermaid');
    expect(stdout).toMatch(/^flowchart LR\n {2}p0\["setup \(completed\)"\]\n/);
    expect(stdout).toContain('  p2["end (running)"]\n');
    expect(stdout).toContain('  p3 -- started --> p2\n');
    expect(stdout).not.toMatch(/^ *end /m);
  });

  test('is what each needs for programs', async () => {
    const { processes } = JSON.parse((await project.run('graph', '--json')).stdout);
    expect(processes).toContainEqual({
      name: 'web',
      phase: 'running',
      ready: true,
      dependsOn: { db: 'ready', end: 'started' },
    });
  });
});

describe('the plugins', () => {
  test('are told with the commands that they add and their hooks, each once', async () => {
    const { code, stdout } = await project.run('plugins');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^PLUGIN +COMMANDS +HOOKS\nrestart +schedule\.list +\w/)]);
    const { plugins } = JSON.parse((await project.run('plugins', '--json')).stdout);
    expect(plugins).toMatchObject([{ name: 'restart', commands: ['schedule.list'] }]);
    expect(plugins[0].hooks).toContain('decide');
    expect(new Set(plugins[0].hooks).size).toBe(plugins[0].hooks.length);
  });
});

test.each(['ports', 'graph', 'plugins'])('%s without a manager is exit code 3', async (name) => {
  await using empty = await Project.create({});
  expect((await empty.run(name)).code).toBe(3);
});
