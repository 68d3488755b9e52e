import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { fixture, Project } from '../project.ts';

let project: Project;
afterEach(() => project[Symbol.asyncDispose]());

const secrets = { own: 'sesame-of-the-config', inherited: 'sesame-of-the-shell' };
const script = `echo "token is $API_TOKEN"; echo "ERROR cannot reach $DB_PASSWORD" >&2; exit 3`;
const leaky = { command: ['sh', '-c', script] as [string, ...string[]], env: { API_TOKEN: secrets.own } };

async function report(...args: readonly string[]): Promise<{ readonly file: string; readonly text: string }> {
  const run = project.spawn(['report', ...args], { DB_PASSWORD: secrets.inherited });
  const { code, stdout, stderr } = await run.finished;
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^Secrets that promptbin knows of are hidden/)]);
  const file = stdout.trim();
  return { file, text: await readFile(file, 'utf8') };
}

const expectClean = (text: string): void => {
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
};

test('holds where everything is, why, its errors, its lines and what has happened, and no secret', async () => {
  project = await Project.create({ leaky, web: { command: fixture('server'), port: 'auto' } });
  const up = project.spawn(['up', '--detach'], { DB_PASSWORD: secrets.inherited });
  expect((await up.finished).code).toBe(1);
  const { file, text } = await report();
  expect(file).toMatch(/promptbin-report-2[^/]*\.json$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expectClean(text);
  const told = JSON.parse(text);
  expect(told).toMatchObject({
    version: 1,
    node: process.versions.node,
    config: { processes: { leaky: { kind: 'service' }, web: {} } },
    manager: { project: project.root },
    processes: [
      {
        name: 'leaky',
        phase: 'failed',
        errors: [{ count: 1, firstAt: expect.any(String), lastAt: expect.any(String) }],
        why: { verdict: 'down', because: expect.any(Array) },
        lines: expect.arrayContaining([
          expect.objectContaining({ stream: 'out', text: expect.stringMatching('token is') }),
        ]),
      },
      { name: 'web', ready: true },
    ],
  });
  expect(told.processes[1]).not.toHaveProperty('why');
  expect(told.findings.map(({ check }: { check: string }) => check)).toContain('manager');
  expect(told.events.map(({ type }: { type: string }) => type)).toContain('process.exited');
});

test('without a manager it is by journal and files, even when the config is broken', async () => {
  project = await Project.create({ leaky });
  await project.spawn(['up', '--detach'], { DB_PASSWORD: secrets.inherited }).finished;
  await project.run('down');
  await project.configure('{"processes": {"leaky": {"command": 7}}}');
  const { text } = await report('--output', 'bug.json');
  expectClean(text);
  const told = JSON.parse(text);
  expect(told).toMatchObject({
    config: { error: { code: 'PB_CONFIG_INVALID' } },
    past: { state: 'closed', processes: [{ name: 'leaky' }] },
    logs: {
      'leaky.log': [{ text: expect.stringMatching(/^token is /) }, { text: expect.stringMatching(/^ERROR cannot/) }],
    },
  });
  expect(told.events.map(({ type }: { type: string }) => type)).toContain('manager.closed');
});

test('writes over nothing, and to stdout when asked to', async () => {
  project = await Project.create({});
  await project.write({ 'bug.json': 'mine' });
  const refused = await project.run('report', '--output', 'bug.json');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('bug.json cannot be written')]);
  expect(await readFile(join(project.root, 'bug.json'), 'utf8')).toBe('mine');
  const { stdout, stderr } = await project.run('report', '-o', '-');
  expect([JSON.parse(stdout).version, stderr]).toEqual([1, '']);
});
