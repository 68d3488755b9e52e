import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { Guardian } from '../../src/process/guardian.ts';
import { endOrphans, findOrphans } from '../../src/process/orphans.ts';
import { readProcess } from '../../src/process/procfs.ts';
import { isAlive, pidsWithEnvironment } from '../support/alive.ts';
import { fixture } from '../support/files.ts';
import { testManager } from '../support/project.ts';

/** A manager in a process of its own, with children of every kind; all that it has started ends with the test. */
async function manage(): Promise<{ readonly pid: number; readonly root: string; kill(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  const child = spawn(process.execPath, [fixture('manage-children.ts'), root, 'guarded'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(async () => {
    await kill();
    await endOrphans((await findOrphans(root)) ?? [], { graceMs: 0 });
    await rm(root, { recursive: true, force: true });
  });
  await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, root, kill };
}

const childrenOf = (root: string): readonly number[] => pidsWithEnvironment(`PROMPTBIN_PROJECT=${root}`);

test('a manager that is killed leaves nothing: neither a daemon, nor what ignores SIGTERM', async () => {
  const { root, kill } = await manage();
  expect(childrenOf(root).length).toBeGreaterThanOrEqual(5);
  await kill();
  await expect.poll(() => childrenOf(root)).toEqual([]);
});

test('a stopped manager is no dead one, and one that is stopped and then killed is', async () => {
  const { pid, root, kill } = await manage();
  process.kill(pid, 'SIGSTOP');
  const before = childrenOf(root);
  expect(before.filter(isAlive)).toEqual(before);
  await kill();
  await expect.poll(() => childrenOf(root)).toEqual([]);
});

test('a guardian that dies is replaced within a second, and the next one knows all', async () => {
  const { manager, root, events } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  const guardians = () => events.flatMap(({ type, data }) => (type === 'manager.guarded' ? [data.pid] : []));
  await manager.process('web').start();
  const [first = 0] = guardians();
  expect(isAlive(first)).toBe(true);
  process.kill(first, 'SIGKILL');
  await expect.poll(guardians).toHaveLength(2);
  const [, second = 0] = guardians();
  expect([isAlive(first), isAlive(second)]).toEqual([false, true]);
  await manager.close();
  await expect.poll(() => isAlive(second)).toBe(false);
  expect(childrenOf(root)).toEqual([]);
});

test('nothing is started for a manager that starts nothing, and none for one that wants none', async () => {
  const { manager, events } = await testManager({ processes: { web: { command: 'sleep 60' } } });
  await manager.close();
  const other = await testManager({ processes: { web: { command: 'sleep 60' } } }, { guardian: false });
  await other.manager.process('web').start();
  expect([...events, ...other.events].filter(({ type }) => type === 'manager.guarded')).toEqual([]);
});

test('only what was told is ended, as long as it is the same: not a pid that was given to another', async () => {
  const sleeper = () => {
    const child = spawn('sleep', ['60'], { detached: true });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const [known, ended, other] = [sleeper(), sleeper(), sleeper()];
  const script = `
    import { Guardian } from '${import.meta.resolve('../../src/process/guardian.ts')}';
    import { systemClock } from '${import.meta.resolve('../../src/kernel/clock.ts')}';
    let started;
    const guardian = new Guardian({ stamp: 'nobody', clock: systemClock, onStart: (pid) => void (started = pid) });
    guardian.start();
    for (const [pid, startTime] of JSON.parse(process.argv[1])) guardian.watch({ pid, startTime, graceMs: 1000 });
    guardian.watch({ pid: ${ended.pid}, startTime: ${readProcess(ended.pid ?? 0)?.startTime}, graceMs: 0 })[Symbol.dispose]();
    // It is told once a turn.
    setImmediate(() => console.log(started));
    setInterval(() => {}, 1000);
  `;
  const told = [
    [known.pid, readProcess(known.pid ?? 0)?.startTime],
    [other.pid, 1],
  ];
  const manager = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, JSON.stringify(told)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void manager.kill('SIGKILL'));
  const [line] = (await once(manager.stdout, 'data')) as [Buffer];
  const guardian = Number(String(line));
  const exit = once(known, 'exit');
  manager.kill('SIGKILL');
  expect(await exit).toEqual([null, 'SIGTERM']);
  await expect.poll(() => isAlive(guardian)).toBe(false);
  expect([isAlive(ended.pid ?? 0), isAlive(other.pid ?? 0)]).toEqual([true, true]);
});

test('it costs little: no second Node', async () => {
  const pids: number[] = [];
  const guardian = new Guardian({ stamp: 'nobody', clock: systemClock, onStart: (pid) => pids.push(pid) });
  guardian.start();
  guardian.start();
  expect(pids).toHaveLength(1);
  const [pid = 0] = pids;
  await expect.poll(() => readProcess(pid)?.state).toBe('S');
  guardian.close();
  await expect.poll(() => isAlive(pid)).toBe(false);
});
