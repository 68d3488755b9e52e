import { afterEach, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;

/** The pids by name, of what runs. */
async function pids(): Promise<Readonly<Record<string, number | undefined>>> {
  const { processes } = await project.status();
  return Object.fromEntries(processes.map(({ name, pid }) => [name, pid]));
}

async function started(processes: Parameters<typeof Project.create>[0]): Promise<void> {
  project = await Project.create(processes);
  const { code, stderr } = await project.run('up', '--detach');
  expect([code, stderr]).toEqual([0, '']);
}

const configure = (processes: object): Promise<void> => project.configure(JSON.stringify({ processes }));

describe('reload', () => {
  test('restarts what has changed, waits until it is ready, and keeps the rest', async () => {
    await started({ web, other: web, old: web });
    const before = await pids();
    await configure({ web: { ...web, env: { GREETING: 'new' } }, other: web, fresh: web });
    const { code, stdout, stderr } = await project.run('reload');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^- +remove +old$/m);
    expect(stdout).toMatch(/^↻ +restart +web +env\.GREETING: nothing → "new"$/m);
    expect(stdout).toMatch(/^= +keep +other$/m);
    expect(stdout).toMatch(/^\+ +add +fresh/m);
    expect(stdout).toMatch(/^web +running +yes/m);
    expect(stdout).toMatch(/➜ fresh +http:/);
    expect(stdout).not.toMatch(/➜ other/);
    const after = await pids();
    expect(Object.keys(after).sort()).toEqual(['fresh', 'other', 'web']);
    expect(after.other).toBe(before.other);
    expect(after.web).not.toBe(before.web);
  });

  test('--dry-run tells the plan and does nothing', async () => {
    await started({ web });
    const before = await pids();
    await configure({ web: { ...web, env: { GREETING: 'new' } } });
    const { code, stdout } = await project.run('reload', '--dry-run');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^↻ +restart +web +env\.GREETING: nothing → "new"\nweb to be restarted/),
    ]);
    const json = await project.run('reload', '--dry-run', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      version: 1,
      ok: true,
      applied: false,
      plan: [{ action: 'restart', name: 'web', changes: [{ path: 'env.GREETING', to: 'new' }] }],
      processes: [],
    });
    expect(await pids()).toEqual(before);
  });

  test('gives plan and status to programs', async () => {
    await started({ web });
    await configure({ web: { ...web, env: { API_TOKEN: 'abcdef123456' } } });
    const { code, stdout } = await project.run('reload', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      ok: true,
      applied: true,
      plan: [{ action: 'restart', name: 'web', changes: [{ path: 'env.API_TOKEN', to: '[secret]' }] }],
      plugins: [],
      processes: [{ name: 'web', phase: 'running', ready: true }],
    });
    expect(stdout).not.toContain('abcdef123456');
  });

  test('tells all mistakes of a bad config, and that nothing has changed', async () => {
    await started({ web });
    const before = await pids();
    await project.configure('{ "processes": { "web": { "comand": 7 } } }');
    const { code, stdout, stderr } = await project.run('reload');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('promptbin.config.json has 2 mistakes:\n');
    expect(stderr).toMatch(/^ {2}promptbin\.config\.json:1:27 {2}processes\.web has an unknown key "comand"/m);
    expect(stderr).toMatch(/Nothing has changed: the manager goes on with the config that it has\.\n$/);
    const json = await project.run('reload', '--json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      error: { code: 'PB_CONFIG_INVALID' },
      errors: [
        { path: expect.any(String), line: 1 },
        { path: expect.any(String), line: 1 },
      ],
    });
    await project.configure('{ "processes": ');
    const broken = await project.run('reload');
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining('Nothing has changed')]);
    expect(await pids()).toEqual(before);
  });

  test('a config that never returns does not stop the manager', async () => {
    await started({ web });
    await project.configure('for (;;);', 'mjs');
    const reload = project.spawn(['reload']);
    expect((await project.run('restart', 'web')).code).toBe(0);
    const { code, stderr } = await reload.finished;
    expect([code, stderr]).toEqual([2, expect.stringContaining('did not finish loading within 10 s')]);
    expect((await project.status()).manager.state).toBe('running');
  });

  test('fails when what it starts does not become ready', async () => {
    await started({ web });
    await configure({ web, bad: { command: fixture('exit-3'), ready: { log: 'never' } } });
    const { code, stdout } = await project.run('reload');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/✖ bad is not up: /)]);
  });

  test('takes what is set on the command line, and keeps it', async () => {
    await started({
      web: { ...web, env: { A: '0', B: '0' } },
      job: { command: 'true', kind: 'job', autostart: false },
    });
    expect((await project.run('reload', '--set', 'web.env.A=1')).stdout).toMatch(/restart +web +env\.A: "0" → "1"/);
    const refused = await project.run('reload', '--set', 'web.port=x');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--set web.port=x')]);
    expect((await project.run('reload', '--set', 'web.env.B=9', '--dry-run')).code).toBe(0);
    expect((await project.run('reload')).stdout).toMatch(/= +keep +web\n/);
    expect((await project.run('reload', '--set', 'web.env.A=2')).stdout).toMatch(/env\.A: "1" → "2"/);
  });

  test('a manager in the background keeps what it was started with', async () => {
    project = await Project.create({});
    await project.configure(
      `export default ({ mode }) => ({ processes: { web: { ...${JSON.stringify(web)}, env: { MODE: mode } } } });`,
      'mjs',
    );
    await project.run('up', '--detach', '--set', 'web.env.A=1', '--mode', 'staging');
    const before = await pids();
    expect((await project.run('reload')).stdout).toMatch(/^= +keep +web\nnothing differs\n$/);
    expect(await pids()).toEqual(before);
    const other = await project.run('reload', '--mode=production');
    expect(other.stdout).toMatch(/env\.MODE: "staging" → "production"\n/);
  });

  test('without a manager it is exit code 3', async () => {
    project = await Project.create({ web });
    const { code, stderr } = await project.run('reload');
    expect([code, stderr]).toEqual([3, expect.stringContaining('No manager is running')]);
  });
});

test('what is set beside a running manager is not taken, and that is said', async () => {
  await started({ web });
  const { code, stderr } = await project.run('up', '--detach', '--set', 'web.port=1', '--watch-config');
  expect(code).toBe(0);
  expect(stderr).toContain('run: promptbin reload --set web.port=1');
  expect(stderr).toContain('was not started with --watch-config');
});
