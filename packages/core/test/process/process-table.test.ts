import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readStamp, stampOf } from '../../src/process/env-stamp.ts';
import { ProcessTable } from '../../src/process/process-table.ts';
import { isAlive, readCommand, readProcess } from '../../src/process/procfs.ts';
import { pidAfter, start } from './harness.ts';

test('who asks in the same turn shares a sweep; who asks later gets a later one', async () => {
  const table = new ProcessTable();
  const [one, other] = await Promise.all([table.sweep(), table.sweep()]);
  expect(other).toBe(one);
  const { child } = start('sleep', ['60']);
  expect(one.get(child.pid)).toBeUndefined();
  expect((await table.sweep()).get(child.pid)).toMatchObject({ pid: child.pid, pgid: child.pid });
});

test('this process is in no snapshot', async () => {
  expect((await new ProcessTable().sweep()).get(process.pid)).toBeUndefined();
});

test('a name with spaces, parentheses and line breaks does not confuse', async () => {
  const started = start('sh', [
    '-c',
    'printf "a) R (b\\nc" > /proc/self/comm; echo "child $$"; exec 1>&-; read x < /dev/zero',
  ]);
  const pid = await pidAfter(started, 'child');
  expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain('(a) R (b');
  expect(readProcess(pid)).toMatchObject({ pid, ppid: process.pid, pgid: pid, session: pid });
});

test('a zombie is in the process table, and not alive', async () => {
  // A stopped parent does not wait for its child.
  const started = start('sh', ['-c', 'sleep 0.05 & echo "child $!"; kill -STOP $$']);
  const pid = await pidAfter(started, 'child');
  const startTime = readProcess(pid)?.startTime ?? 0;
  await expect.poll(() => readProcess(pid)?.state).toBe('Z');
  expect(isAlive({ pid, startTime })).toBe(false);
  expect((await new ProcessTable().sweep()).get(pid)).toBeUndefined();
});

test('the same pid with another start time is somebody else', () => {
  const { pid, startTime } = readProcess(process.pid) ?? { pid: 0, startTime: 0 };
  expect(isAlive({ pid, startTime })).toBe(true);
  expect(isAlive({ pid, startTime: startTime + 1 })).toBe(false);
});

test('the stamp of an environment is the one of the process', () => {
  const { child, plan } = start('sleep', ['60'], {
    env: { FILLER: 'x'.repeat(100_000), MULTILINE: 'PROMPTBIN_RUN=7\n' },
  });
  expect(readStamp(child.pid)).toBe(stampOf(plan.env));
  expect(stampOf(plan.env)).toBe(`test-${process.pid}\0web\0${plan.generation}`);
  expect(stampOf({ PROMPTBIN_STAMP: 'x' })).toBeUndefined();
});

test('the command of a process', () => {
  expect(readCommand(start('sleep', ['60']).child.pid)).toBe('sleep 60');
  const { pid } = spawnSync('true');
  expect(readCommand(pid)).toBeUndefined();
});
