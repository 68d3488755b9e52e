import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { endOrphans, findOrphans } from '@promptbin/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

const moody = (name: string) =>
  ({ command: fixture('moody'), stdin: 'pipe', env: { NAME: name }, ready: { log: 'all said' } }) as const;

describe('logs', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.create({ one: moody('one'), other: moody('other') });
    await project.run('up', '--detach');
  });
  afterAll(() => project[Symbol.asyncDispose]());

  async function says(name: string, text: string): Promise<void> {
    const { logCursor } = JSON.parse((await project.run('send', name, text, '--json')).stdout);
    await project.run('wait', name, '--pattern', `^${name} ${text}$`, '--after', `${logCursor}`);
  }

  test('of several are in the order of time, behind their names', async () => {
    await says('one', 'first');
    await says('other', 'second');
    await says('one', 'third');
    const { stdout } = await project.run('logs', 'other', 'one', '--grep', '(first|second|third)$');
    expect(stdout).toBe('one   │ one first\nother │ other second\none   │ one third\n');
  });

  test('are those with a pattern, or of a level with what belongs to it', async () => {
    expect((await project.run('logs', 'one', '--grep', '(?i)error')).stdout).toBe('ERROR: no luck\n');
    expect((await project.run('logs', 'one', '--level', 'error')).stdout).toBe(
      'ERROR: no luck\n    at the third try\n',
    );
    expect((await project.run('logs', 'one', '--level', 'info', '-n', '1', '--grep', 'INFO')).stdout).toBe(
      'INFO: all said\n',
    );
    expect((await project.run('logs', 'one', '-n', '0')).stdout).toBe('');
  });

  test('are those of a time: a duration ago, or a moment', async () => {
    await says('one', 'lately');
    const at = Number(JSON.parse((await project.run('logs', 'one', '-n', '1', '--json')).stdout).at);
    const since = await project.run('logs', 'one', '--since', new Date(at).toISOString());
    expect(since.stdout).toBe('one lately\n');
    const until = await project.run('logs', 'one', '--until', new Date(at - 1).toISOString());
    expect(until.stdout).toMatch(/^INFO: begun\n(?!.*lately)/s);
    expect((await project.run('logs', 'one', '--since', '1h')).stdout).toMatch(/^INFO: begun\n.*one lately\n$/s);
    expect((await project.run('logs', 'one', '--until', '1h')).stdout).toBe('');
  });

  test('mark where another run begins, and no other place', async () => {
    await project.run('restart', 'other');
    const pid = (await project.status()).processes.find(({ name }) => name === 'other')?.pid;
    const { stdout } = await project.run('logs', 'other');
    expect(stdout.match(/^──.*$/gm)).toEqual([`── other run 2, pid ${pid} ──`]);
    expect(stdout).toMatch(/INFO: all said\n(?:.*\n)*──.*──\nINFO: begun\n/);
    expect((await project.run('logs', 'other', '-n', '2')).stdout).not.toContain('──');
    expect((await project.run('logs', 'other', '--json')).stdout).not.toContain('──');
  });

  test('are followed by what fits', async () => {
    const following = project.spawn(['logs', 'one', '-f', '-n', '0', '--grep', 'wanted']);
    // What is written before it follows is left out, so it is written until it shows.
    const shown = following.says(/wanted/);
    let isShown = false;
    void shown.then(() => {
      isShown = true;
    });
    for (let count = 0; !isShown; count += 1) {
      await says('one', `noise ${count}`);
      await says('one', `wanted ${count}`);
    }
    await shown;
    expect(following.stdout).toMatch(/^one wanted \d+\n/);
    expect(following.stdout).not.toContain('noise');
  });

  test('keep their colours on a terminal, and only there', async () => {
    const shown = await inTerminal(project, ['logs', 'one', '--grep', 'grass']).finished;
    expect(shown.stdout).toContain('\u001b[32mgreen\u001b[0m grass');
    expect((await project.run('logs', 'one', '--grep', 'grass')).stdout).toBe('green grass\n');
  });

  test.each([
    ['a time that is none', ['--since', 'yesterday'], '--since is "yesterday", which is no time.'],
    ['an hour that is none', ['--until', '24:00'], '--until is "24:00", which is no time.'],
    ['an end of what goes on', ['-f', '--until', '5m'], 'cannot be used with'],
    ['a level that is none', ['--level', 'loud'], 'Allowed choices are debug, info'],
    ['a pattern that cannot be read', ['--grep', '('], 'cannot be read'],
    ['a mistyped name', ['one', 'ohter'], 'Did you mean "other"?'],
  ])('refuse %s, with exit code 2', async (_what, args, why) => {
    const { code, stderr } = await project.run('logs', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});

describe('logs without a manager', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ one: moody('one'), other: moody('other') });
    await project.run('up', '--detach');
    await project.run('down');
  });
  afterEach(() => project[Symbol.asyncDispose]());

  test('are those of the files, filtered too, but not by time', async () => {
    const { code, stdout } = await project.run('logs', 'one', 'other', '--level', 'error', '-n', '1');
    expect([code, stdout]).toEqual([0, 'one   │     at the third try\nother │     at the third try\n']);
    expect((await project.run('logs', 'one', '--since', '1h')).code).toBe(3);
  });
});

test('logs say what the manager no longer has of the time that was asked for', async () => {
  await using project = await Project.create({
    chatter: { command: fixture('chatter'), env: { COUNT: 1000 }, ready: { log: 'line 1000' }, logs: { ring: '1kb' } },
  });
  await project.run('up', '--detach');
  const { stdout, stderr } = await project.run('logs', 'chatter', '--since', '1h');
  const [, first] = /^line (\d+)/.exec(stdout) ?? [];
  expect(Number(first)).toBeGreaterThan(1);
  expect(stderr).toBe(
    `The manager no longer has the first ${Number(first) - 1} lines of chatter; see .promptbin/logs/chatter.log\n`,
  );
});

test('-f of all follows what a reload adds, too', async () => {
  const chatter = { command: fixture('chatter'), env: { COUNT: 1 } };
  await using project = await Project.create({ one: chatter });
  await project.run('up', '--detach');
  const following = project.spawn(['logs', '-f']);
  await following.says(/^one │ line 1$/m);
  await project.configure(JSON.stringify({ processes: { one: chatter, another: chatter } }));
  await project.run('reload');
  await following.says(/^another │ line 1$/m);
  await project.run('down');
  expect((await following.finished).code).toBe(0);
});

describe('without a manager', () => {
  let project: Project;
  afterEach(async () => {
    await endOrphans((await findOrphans(project.root)) ?? [], { graceMs: 0 });
    await project[Symbol.asyncDispose]();
  });
  const chatter = (logs: object) => ({
    command: fixture('chatter'),
    env: { COUNT: 30 },
    ready: { log: 'line 30' },
    logs,
  });

  test('records are shown in the order of time, with their times', async () => {
    project = await Project.create({
      one: chatter({ format: 'json' }),
      two: { ...chatter({ format: 'json' }), dependsOn: ['one'] },
    });
    await project.run('up', '--detach');
    await project.run('down');
    const { stdout } = await project.run('logs', '-n', '2');
    expect(stdout).toBe('one │ line 29\none │ line 30\ntwo │ line 29\ntwo │ line 30\n');
    const [first] = (await project.run('logs', 'two', '--json', '-n', '1')).stdout.trimEnd().split('\n');
    expect(JSON.parse(first ?? '')).toEqual({
      seq: 30,
      at: expect.any(Number),
      name: 'two',
      generation: 1,
      stream: 'out',
      text: 'line 30',
    });
    expect((await project.run('logs', 'two', '--since', '1h')).stdout.split('\n')).toHaveLength(31);
    expect((await project.run('logs', 'two', '--until', '1h')).stdout).toBe('');
  });

  test('what was rotated away is read on from, compressed or not', async () => {
    project = await Project.create({ web: chatter({}) });
    const logs = '.promptbin/logs/web.log';
    await project.write({ [logs]: 'line 6\n', [`${logs}.1`]: 'line 4\nline 5\n', [`${logs}.2`]: 'to be removed' });
    await writeFile(join(project.root, `${logs}.2.gz`), gzipSync('line 2\nline 3\n'));
    await writeFile(join(project.root, `${logs}.3.gz`), gzipSync('line 1\n'));
    const lines = Array.from({ length: 6 }, (_, index) => `line ${index + 1}\n`);
    expect((await project.run('logs', 'web')).stdout).toBe(lines.join(''));
    expect((await project.run('logs', 'web', '-n', '4')).stdout).toBe(lines.slice(2).join(''));
  });

  test('what a process has written by itself after its manager was killed is there', async () => {
    const script = 'echo before; until [ -e go ]; do sleep 0.02; done; echo after; touch done; exec sleep 300';
    project = await Project.create({ web: { command: ['sh', '-c', script], logs: { mode: 'direct' } } });
    const up = project.spawn(['up']);
    await up.says(/before/);
    await project.abandon(up);
    await project.write({ go: '' });
    await expect.poll(() => existsSync(join(project.root, 'done'))).toBe(true);
    expect((await project.run('logs', 'web')).stdout).toBe('before\nafter\n');
  });
});
