import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOrphans, findOrphans, type ProcessBase } from '@promptbin/core';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../../../test-support/free-port.ts';
import { isAlive } from '../../src/control/alive.ts';
import { fixture, Project, type Run } from '../project.ts';

let project: Project;
afterEach(async () => {
  await project[Symbol.asyncDispose]();
  await endOrphans((await findOrphans(project.root)) ?? [], { graceMs: 0 });
});

const kept: ProcessBase = {
  command: fixture('ticks'),
  port: 'auto',
  ready: { log: 'listening' },
  onManagerDeath: 'keep',
  logs: { mode: 'direct' },
};

/** A manager that is up, with all of its processes ready. */
async function up(): Promise<Run> {
  const run = project.spawn(['up']);
  await expect.poll(() => project.run('wait', 'web').then(({ code }) => code)).toBe(0);
  return run;
}

async function kill(run: Run): Promise<void> {
  run.child.kill('SIGKILL');
  await run.finished;
}

const view = async (name = 'web') => {
  const found = (await project.status()).processes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no process "${name}"`);
  return found;
};
const logOf = (name: string): string => readFileSync(join(project.root, '.promptbin', 'logs', `${name}.log`), 'utf8');
const tick = async (): Promise<number> => Number(/tick (\d+)\n(?!tick)/.exec(logOf('web'))?.[1] ?? 0);

test('what is kept goes on when the manager is killed, and the next manager takes it over as it is', async () => {
  project = await Project.create({ web: kept, other: { command: 'sleep 600' } });
  const first = await up();
  const before = await view();
  const { pid: other = 0 } = await view('other');
  await kill(first);
  await expect.poll(() => isAlive(other)).toBe(false);
  expect(isAlive(before.pid ?? 0)).toBe(true);
  await expect.poll(() => existsSync(join(project.root, '.promptbin', 'guardian.last'))).toBe(true);
  const inTheGap = await tick();
  await expect.poll(tick).toBeGreaterThan(inTheGap + 2);

  const second = await up();
  const { pid, port, url, generation } = before;
  expect(await view()).toMatchObject({
    pid,
    port,
    url,
    generation,
    restarts: 0,
    phase: 'running',
    ready: true,
    uptimeSec: expect.any(Number),
  });
  expect((await view('other')).pid).not.toBe(other);
  const { stdout: logs } = await project.run('logs', 'web', '-n', '1000');
  expect(logs).toContain(`tick ${inTheGap + 1}`);
  const { stdout: events } = await project.run('events', '-n', '200');
  expect(events).toContain(`web taken over from the manager before (pid ${pid})`);
  expect(events).toMatch(
    new RegExp(`the guardian of the manager before \\(pid ${first.pid}\\) has ended pid ${other} at \\d`),
  );
  expect((await project.run('doctor', 'orphans')).code).toBe(0);

  // Once more, from the manager that has taken it over.
  await kill(second);
  await up();
  expect((await view()).pid).toBe(pid);
  const { code, stdout } = await project.run('stop', 'web', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    receipts: [{ signalled: [pid], killed: [], escaped: [], portsFreed: [port] }],
  });
  expect(logOf('web')).toMatch(/ends at \d+\n$/);
  expect(isAlive(pid ?? 0)).toBe(false);
});

test('its exit is seen, and a restart is the next run', async () => {
  project = await Project.create({ web: kept });
  await kill(await up());
  await up();
  const { pid = 0, port } = await view();
  await project.run('restart', 'web');
  expect(await view()).toMatchObject({ generation: 2, port, restarts: 1 });
  expect((await view()).pid).not.toBe(pid);
  // That one was spawned by the manager of now; so it is killed once more.
  const { manager } = await project.status();
  process.kill(manager.pid, 'SIGKILL');
  await expect.poll(() => isAlive(manager.pid)).toBe(false);
  await up();
  const { pid: last = 0 } = await view();
  process.kill(last, 'SIGKILL');
  await expect
    .poll(() => view())
    .toMatchObject({
      phase: 'failed',
      cause: { message: 'ended, nobody knows how: an earlier manager had started it' },
    });
});

test('without a manager, doctor tells of it, and down ends it', async () => {
  project = await Project.create({ web: kept });
  await kill(await up());
  const doctor = await project.run('doctor');
  expect(doctor.stdout).toContain('! kept: web runs without a manager, as "onManagerDeath" says.');
  expect(doctor.code).toBe(0);
  expect((await project.run('doctor', 'orphans')).code).toBe(0);
  const down = await project.run('down');
  expect(down).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^No manager was running; what one had left has ended: pid \d+\.$/m),
  });
  expect(await findOrphans(project.root)).toEqual([]);
  expect((await project.run('down')).stderr).toContain('No manager is running');
});

test.each([
  ['other settings begin anew with them', { ...kept, env: { COLOR: 'red' } }, { generation: 2, phase: 'running' }],
  [
    'what is kept no longer begins anew',
    { ...kept, onManagerDeath: 'stop' as const },
    { generation: 1, phase: 'running' },
  ],
])('%s', async (_, next, expected) => {
  project = await Project.create({ web: kept });
  const first = await up();
  const { pid = 0 } = await view();
  await kill(first);
  await project.configure(JSON.stringify({ processes: { web: next } }));
  await up();
  expect(await view()).toMatchObject(expected);
  expect((await view()).pid).not.toBe(pid);
  expect(isAlive(pid)).toBe(false);
});

test('what the config has no more is ended', async () => {
  project = await Project.create({ web: kept, db: { ...kept, port: { preferred: await freePort() } } });
  const first = await up();
  await expect.poll(async () => (await view('db')).ready).toBe(true);
  const { pid = 0 } = await view('db');
  await kill(first);
  await project.configure(JSON.stringify({ processes: { web: kept } }));
  await up();
  expect(isAlive(pid)).toBe(false);
  expect((await project.run('events', '-n', '200')).stdout).toContain(
    `ended what the manager before had left of db: pid ${pid}`,
  );
});
