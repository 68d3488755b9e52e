import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const web = { command: fixture('server'), port: 'auto' } as const;
const job = { command: fixture('chatter'), env: { COUNT: 1 } };

async function pidsOf(of: Project): Promise<readonly number[]> {
  const { processes } = await of.status();
  return processes.flatMap(({ pid }) => pid ?? []);
}

/** What a manager leaves in its folder. */
async function leftovers(of: Project): Promise<readonly string[]> {
  return (await readdir(join(of.root, '.promptbin'))).filter((name) => /sock|json$|lock-journal/.test(name));
}

describe('up', () => {
  test('shows the table, the output, the URL, and stops everything on Ctrl-C', async () => {
    project = await Project.create({ web, other: { ...web, autostart: false } });
    const up = project.spawn(['up']);
    await up.says(/➜ web {2}http:\/\/127\.0\.0\.1:\d+/);
    expect(up.stdout).toMatch(/^NAME +PHASE +READY +PID +URL +UPTIME +RESTARTS +WHY$/m);
    expect(up.stdout).toMatch(/^web +running +yes +\d+ /m);
    expect(up.stdout).toMatch(/^other +stopped +no +- /m);
    await up.says(/^web +│ listening$/m);
    const pids = await pidsOf(project);
    expect((await stat(join(project.root, '.promptbin', 'control.sock'))).mode & 0o777).toBe(0o600);

    up.child.kill('SIGINT');
    const { code, stdout, stderr } = await up.finished;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/web has stopped\nAll stopped\.\n$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
    expect(stdout).not.toMatch(/\x1b/);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await leftovers(project)).toEqual([]);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('ends in order on %s', async (signal) => {
    project = await Project.create({ web });
    const up = project.spawn(['up']);
    await up.says(/➜ web/);
    const pids = await pidsOf(project);
    up.child.kill(signal);
    expect((await up.finished).code).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await leftovers(project)).toEqual([]);
  });

  test('a second Ctrl-C kills what does not end', async () => {
    project = await Project.create({
      deaf: { command: fixture('ignore-term'), stop: { grace: '10m' }, ready: { log: 'deaf' } },
    });
    const up = project.spawn(['up']);
    await up.says(/all is up/);
    const pids = await pidsOf(project);
    up.child.kill('SIGINT');
    await up.says(/deaf is ending/);
    // What follows at once may be the echo of a wrapper.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(pids.filter(isAlive)).toEqual(pids);
    up.child.kill('SIGINT');
    await up.finished;
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await leftovers(project)).toEqual([]);
  });

  test('starts only what is named, and what that depends on', async () => {
    project = await Project.create({ db: web, web: { ...web, dependsOn: ['db'] }, other: web });
    const up = project.spawn(['up', 'web']);
    await up.says(/➜ web/);
    const { processes } = await project.status();
    expect(processes.map(({ name, phase }) => [name, phase])).toEqual([
      ['db', 'running'],
      ['web', 'running'],
      ['other', 'stopped'],
    ]);
  });

  test('says what is not up, and stays for what is', async () => {
    project = await Project.create({ web, bad: { command: fixture('exit-3'), ready: { log: 'never' } } });
    const up = project.spawn(['up']);
    await up.says(/✖ bad is not up: .*\n {2}promptbin why bad/);
    await up.says(/^bad +│ the last words$/m);
    await up.says(/➜ web/);
  });

  test('prints events as JSON lines', async () => {
    project = await Project.create({ job });
    const up = project.spawn(['up', '--json']);
    await up.says(/process\.spawned/);
    up.child.kill('SIGINT');
    const { stdout, code } = await up.finished;
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.find(({ type }) => type === 'process.spawned')).toMatchObject({
      at: expect.any(Number),
      data: { name: 'job' },
    });
    expect(code).toBe(0);
  });

  test('goes on when nobody reads its output any more', async () => {
    project = await Project.create({ web, job });
    const up = project.spawn(['up']);
    await up.says(/➜ web/);
    up.child.stdout?.destroy();
    const restarted = await project.run('restart', 'web', 'job');
    expect(restarted.code).toBe(0);
    expect(up.child.exitCode).toBeNull();
  });

  test('ends in order, with exit code 1, after a fault that nobody caught', async () => {
    project = await Project.create({});
    const processes = JSON.stringify({ web });
    const fuse = `setTimeout(() => { throw new Error('a stray fault'); }, 3000);`;
    await project.configure(`${fuse}\nexport default { processes: ${processes} };`, 'mjs');
    const up = project.spawn(['up']);
    await up.says(/➜ web/);
    const pids = await pidsOf(project);
    const { code, stderr } = await up.finished;
    expect([code, stderr]).toEqual([1, expect.stringContaining('a stray fault')]);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await leftovers(project)).toEqual([]);
  });

  test('is not held up by a reader that does not read', async () => {
    project = await Project.create({
      web,
      chatter: { command: fixture('chatter'), env: { COUNT: 300_000 }, ready: { log: 'line 300000' } },
    });
    const up = project.spawn(['up']);
    up.child.stdout?.pause();
    const ready = await project.spawn(['up', '--detach']).finished;
    expect([ready.code, ready.stderr]).toEqual([0, '']);
    up.child.kill('SIGINT');
    up.child.stdout?.resume();
    const { code, stdout } = await up.finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/chatter +│ … \d+ lines left out/);
  });

  test('colours the names when it is asked to', async () => {
    project = await Project.create({ web });
    const up = project.spawn(['up'], { FORCE_COLOR: '1' });
    // Lines of output and lines about the state come in no fixed order.
    await up.says(/web {7}│/);
    expect(up.stdout).toContain('\x1b[36mweb       │\x1b[39m');
  });
});

describe('a config with mistakes', () => {
  test('is told in full on stderr, with exit code 2, and nothing is left', async () => {
    project = await Project.create({});
    await project.configure('{"processes":{"web":{"command":7,"prot":1}}}');
    for (const args of [['up'], ['up', '--detach']]) {
      const { code, stdout, stderr } = await project.run(...args);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^ {2}promptbin\.config\.json:1:\d+ {2}processes\.web\.command is 7/m);
      expect(stderr).toMatch(/^ +> 1 \| /m);
      expect(stderr).toMatch(/unknown key "prot".*"port"/s);
      expect(code).toBe(2);
      expect(await leftovers(project)).toEqual([]);
    }
  });

  test('that is not there, or a name that is not in it, is exit code 2 too', async () => {
    project = await Project.create({ web });
    const missing = await project.run('up', '--config', 'none.json');
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('none.json')]);
    const mistyped = await project.run('up', 'wbe');
    expect([mistyped.code, mistyped.stderr]).toEqual([2, expect.stringContaining('Did you mean "web"?')]);
    expect(await leftovers(project)).toEqual([]);
  });
});

describe('a config that takes hold of the process', () => {
  test('by a loop is ended after 10 s, with exit code 2 and its name', async () => {
    project = await Project.create({});
    await project.configure('for (;;);', 'mjs');
    await project.write({ 'late.mjs': 'await new Promise((resolve) => setTimeout(resolve, 50));\nfor (;;);' });
    const runs = [['up'], ['up', '--config', 'late.mjs'], ['up', '--detach'], ['up', '--json']].map(async (args) => {
      const { code, stdout, stderr } = await project.spawn(args).finished;
      expect([args, code]).toEqual([args, 2]);
      expect(stdout + stderr).toMatch(/(?:promptbin\.config|late)\.mjs: it did not finish loading within 10 s\./);
      expect(stderr).not.toMatch(/debugger|\n {4}at /);
    });
    await Promise.all(runs);
    expect(await leftovers(project)).toEqual([]);
  });

  test('ends with Ctrl-C at once', async () => {
    project = await Project.create({});
    await project.configure("console.error('looping');\nfor (;;);", 'mjs');
    const up = project.spawn(['up']);
    await up.says(/looping/, 'stderr');
    up.child.kill('SIGINT');
    expect((await up.finished).signal).toBe('SIGINT');
  });

  test('by ending it does not go unnoticed', async () => {
    project = await Project.create({});
    await project.configure('process.exit(0);', 'mjs');
    const { code, stderr } = await project.run('up');
    expect([code, stderr]).toEqual([2, expect.stringContaining('promptbin.config.mjs: it ended the process.')]);
    const json = await project.run('up', '--json');
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
      2,
      { ok: false, error: { code: 'PB_CONFIG_UNREADABLE' } },
    ]);
  });
});
