import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { hasEnded, hostName, isThisProcess, thisProcess } from '../../src/locks/owner.ts';
import { startToken } from '../../src/locks/start-token.ts';
import { endedPid, startChild } from './harness.ts';

const host = hostName();
const isLinux = process.platform === 'linux';

test.each([
  ['web1.example', undefined, 'web1.example'],
  ['web1', 0xeffffffc, 'web1'],
  ['web1', 0xf0000001, 'web1?pidns-f0000001'],
  ['my web?\n', undefined, 'my?20web?3f?0a'],
  ['wéb', undefined, 'w?c3?a9b'],
  ['', undefined, '?'],
])('a host called %j in the pid namespace %s is written %s', (name, namespace, expected) => {
  expect(hostName(name, namespace)).toBe(expected);
});

test('names that are too long stay apart', () => {
  const long = 'x'.repeat(253);
  expect(hostName(long, undefined)).toBe(long);
  const [one, other] = [hostName(`${long}1`, undefined), hostName(`${long}2`, undefined)];
  expect(one).toMatch(/^x{244}-[0-9a-f]{8}$/);
  expect(one).not.toBe(other);
});

test('this process is alive, and is itself', () => {
  const own = thisProcess();
  expect(own).toMatchObject({ pid: process.pid, host: expect.stringContaining(hostname()) });
  expect(hasEnded(own)).toBe(false);
  expect(isThisProcess(own)).toBe(true);
  expect(isThisProcess({ pid: process.pid, host })).toBe(true);
  expect(isThisProcess({ ...own, host: 'other' })).toBe(false);
});

test('one whose pid is free has ended; on another host nobody can tell', async () => {
  const pid = await endedPid();
  expect(hasEnded({ pid, host })).toBe(true);
  expect(hasEnded({ pid, host, start: 1n })).toBe(true);
  expect(hasEnded({ pid, host: `${host}2` })).toBe(false);
  // A container of this machine.
  expect(hasEnded({ pid, host: `${host}?pidns-f0000001` })).toBe(false);
});

test.runIf(isLinux)('one whose pid has been given to another process has ended', async () => {
  const { pid } = await startChild('sleep', ['60']);
  const start = startToken(pid);
  expect(start).toBeGreaterThan(2n ** 64n);
  expect(hasEnded({ pid, host, start: start as bigint })).toBe(false);
  expect(hasEnded({ pid, host, start: (start as bigint) - 1n })).toBe(true);
  // Of another boot.
  expect(hasEnded({ pid, host, start: (start as bigint) + 2n ** 64n })).toBe(true);
  // Its writer could not read the id of the boot.
  expect(hasEnded({ pid, host, start: (start as bigint) % 2n ** 64n })).toBe(false);
  expect(hasEnded({ pid, host })).toBe(false);
});

test('a process that is stopped has not ended', async () => {
  const child = await startChild('sleep', ['60']);
  child.kill('SIGSTOP');
  if (isLinux) await expect.poll(() => readFileSync(`/proc/${child.pid}/stat`, 'latin1')).toContain(' T ');
  expect(hasEnded({ pid: child.pid, host })).toBe(false);
});

test.runIf(isLinux)('a zombie has ended, and a process whose first thread has ended has not', async () => {
  // The shell's child ends while it is replaced by what does not wait for it.
  const parent = await startChild('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
  const [zombie] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  await expect.poll(() => hasEnded({ pid: Number(zombie), host })).toBe(true);
  expect(readFileSync(`/proc/${Number(zombie)}/stat`, 'latin1')).toContain(' Z ');

  const script = `import ctypes, threading, time
threading.Thread(target=lambda: (print('up', flush=True), time.sleep(60))).start()
ctypes.CDLL(None).pthread_exit(None)`;
  const threads = await startChild('python3', ['-c', script]);
  await once(threads.stdout as NodeJS.ReadableStream, 'data');
  const stat = () => readFileSync(`/proc/${threads.pid}/stat`, 'latin1');
  await expect.poll(stat).toContain(' Z ');
  expect(hasEnded({ pid: threads.pid, host })).toBe(false);
});
