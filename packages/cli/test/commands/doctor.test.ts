import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endOrphans, findOrphans } from '@promptbin/core';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../test-support/free-port.ts';
import { isAlive } from '../../src/control/alive.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { limitFindings } from '../../src/doctor/limits.ts';
import { fixture, Project } from '../project.ts';
import { inTerminal } from '../terminal.ts';

let project: Project;
afterEach(async () => {
  await endOrphans((await findOrphans(project.root)) ?? [], { graceMs: 0 });
  await project[Symbol.asyncDispose]();
});

interface Report {
  readonly ok: boolean;
  readonly findings: readonly Omit<Finding, 'repair'>[];
  readonly mended: readonly { readonly text: string; readonly ok: boolean }[];
  readonly problems: readonly unknown[];
}

async function examined(...flags: readonly string[]): Promise<Report & { readonly code: number | null }> {
  const { code, stdout } = await project.run('doctor', '--json', ...flags);
  return { code, ...JSON.parse(stdout) };
}

const summaryOf = ({ findings }: Report) => findings.map(({ check, level }) => `${check}: ${level}`);

/** A project whose manager was killed, and its guardian: pids of what that has left. */
async function abandoned(): Promise<readonly number[]> {
  const port = await freePort();
  project = await Project.create({
    web: { command: fixture('server'), port: { preferred: port, strict: true } },
    deaf: { command: fixture('ignore-term'), ready: { log: 'deaf' } },
  });
  const up = project.spawn(['up']);
  await up.says(/➜ web/);
  await up.says(/deaf is ready/);
  const pids = (await project.status()).processes.map(({ pid }) => pid ?? -1);
  await project.abandon(up);
  return pids;
}

test('nothing is wrong with a project that is new, nor with one that runs', async () => {
  project = await Project.create({ web: { command: fixture('server'), port: 'auto' } });
  const before = await examined();
  expect([before.code, before.ok, before.problems]).toEqual([0, true, []]);
  expect(summaryOf(before)).toEqual([
    'manager: ok',
    'config: ok',
    'commands: ok',
    'leftovers: ok',
    'limits: ok',
    'cgroups: ok',
  ]);
  await project.run('up', '--detach');
  const { manager } = await project.status();
  const { code, stdout } = await project.run('doctor');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^✔ manager: promptbin .*, Node .*; the manager runs as pid ${manager.pid}$`, 'm'));
  expect(stdout).toMatch(/^✔ files: .*\nNothing keeps|\n✔ cgroups: .*\nNothing keeps this project from working\.\n$/m);
  expect((await project.run('doctor', '--quiet')).stdout).toBe('');
  expect((await project.run('doctor', 'orphans')).code).toBe(0);
});

test('what a killed manager has left is told, and ended by --fix', async () => {
  const pids = await abandoned();
  const listed = await project.run('doctor', 'orphans');
  expect(listed.code).toBe(1);
  expect(
    listed.stdout
      .match(/(?<=^pid )\d+/gm)
      ?.map(Number)
      .toSorted(),
  ).toEqual(pids.toSorted());
  const told = await examined();
  expect([told.code, told.mended]).toEqual([1, []]);
  expect(summaryOf(told)).toEqual(
    expect.arrayContaining(['leftovers: problem', 'ports: problem', 'files: warning', 'limits: ok']),
  );
  expect(told.findings.find(({ check }) => check === 'ports')?.text).toMatch(
    new RegExp(`held by pid ${pids[0]} \\(node .*\\), a leftover: it cannot start`),
  );
  expect(pids.filter(isAlive)).toEqual(pids);

  const fixed = await examined('--fix', '--yes');
  expect([fixed.code, fixed.ok, fixed.problems]).toEqual([0, true, []]);
  expect(fixed.mended.map(({ ok, text }) => [ok, text])).toEqual([
    [true, expect.stringMatching(/^pid \d+, \d+ have ended$/)],
    [true, 'manager.json and control.sock are removed'],
  ]);
  expect(pids.filter(isAlive)).toEqual([]);
  expect((await project.run('doctor', 'orphans', '--json')).stdout).toBe('{"version":1,"ok":true,"orphans":[]}\n');
});

test('--fix says what it will do and asks; whoever says no has changed nothing', async () => {
  const pids = await abandoned();
  const unasked = await project.run('doctor', '--fix');
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('promptbin doctor --fix --yes')]);
  const no = inTerminal(project, ['doctor', '--fix']);
  await no.says(/--fix will:[\s\S]* end pid \d+, \d+: SIGTERM[\s\S]*Go on\? \[y\/N\]/);
  no.child.stdin?.write('\r');
  expect((await no.finished).code).toBe(1);
  expect(pids.filter(isAlive)).toEqual(pids);
  const yes = inTerminal(project, ['doctor', '--fix']);
  await yes.says(/Go on/);
  yes.child.stdin?.write('y\r');
  expect((await yes.finished).code).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a port that somebody else has is a problem where no other will do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port: preferred } = server.address() as { port: number };
  project = await Project.create({
    strict: { command: fixture('server'), port: { preferred, strict: true } },
    easy: { command: fixture('server'), port: preferred, dependsOn: ['strict'] },
  });
  const { code, findings } = await examined();
  expect(code).toBe(1);
  expect(findings.filter(({ check }) => check === 'ports')).toMatchObject([
    {
      level: 'problem',
      text: expect.stringMatching(`Port ${preferred} of strict is held by pid ${process.pid} .*cannot start`),
    },
    { level: 'warning', text: expect.stringMatching(`Port ${preferred} of easy .*gets the next free one`) },
  ]);
});

test('a config that is broken, a command that is missing and files that are open are problems', async () => {
  project = await Project.create({ bad: { command: 'no-such-command' }, lost: { command: 'true', cwd: 'nowhere' } });
  await project.write({ '.promptbin/token': 'x' });
  await chmod(join(project.root, '.promptbin'), 0o755);
  await chmod(join(project.root, '.promptbin/token'), 0o644);
  const { code, findings } = await examined();
  expect(code).toBe(1);
  expect(findings.filter(({ level }) => level === 'problem').map(({ text }) => text)).toEqual([
    'bad: command "no-such-command" was not found in PATH',
    expect.stringMatching(/^lost: folder ".*nowhere" does not exist$/),
    expect.stringMatching(/\.promptbin is open to other users \(0755\)/),
    expect.stringMatching(/token is open to other users \(0644\)/),
  ]);
  expect((await examined('--fix', '--yes')).mended).toHaveLength(2);
  expect((await stat(join(project.root, '.promptbin/token'))).mode & 0o777).toBe(0o600);
  await project.configure('{"processes":{"web":{"command":7}}}');
  const broken = (await examined()).findings.find(({ check }) => check === 'config');
  expect(broken).toMatchObject({ level: 'problem', advice: 'Run: promptbin config check' });
});

test('a limit that is nearly reached is told', async () => {
  project = await Project.create({});
  const opened = 'ulimit -n 8; exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null; echo up; read -r _';
  const manager = spawn('sh', ['-c', opened], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void manager.kill('SIGKILL'));
  await once(manager.stdout, 'data');
  const { length: open } = readdirSync(`/proc/${manager.pid}/fd`);
  expect(open).toBeGreaterThan(6);
  expect([...limitFindings(manager.pid)]).toContainEqual({
    check: 'limits',
    level: open < 8 ? 'warning' : 'problem',
    text: `${open} of 8 open files of the manager are in use.`,
    advice: 'Raise it: ulimit -n',
  });
});
