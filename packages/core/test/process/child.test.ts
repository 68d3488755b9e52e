import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { spawnChild } from '../../src/process/child.ts';
import type { Child } from '../../src/process/leader.ts';
import { readProcess } from '../../src/process/procfs.ts';
import { isAlive } from '../support/alive.ts';
import { fixture, pidAfter, type Started, start } from './harness.ts';

function spawnShell(script: string, output: (chunk: Uint8Array) => void): Child {
  const env = { PATH: process.env.PATH ?? '' };
  const plan = { name: 'web', generation: 1, command: script, args: [], cwd: '/', shell: true, host: '127.0.0.1', env };
  return spawnChild(plan, { output: (_stream, chunk) => output(chunk), notified: () => undefined }, systemClock);
}

/** Keeps the event loop from running until the process is a zombie. */
function blockUntilExited(child: Child): void {
  while (readProcess(child.pid)?.state !== 'Z');
}

test('an exit that is seen before the last output waits for it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const go = join(folder, 'go');

  let received = '';
  const late = spawnShell(`until [ -e ${go} ]; do sleep 0.01; done; echo last`, (chunk) => {
    received += Buffer.from(chunk);
  });
  // One SIGCHLD makes Node collect every child that has exited, even one whose output came too late for this round.
  const early = spawnShell('echo now', () => {
    writeFileSync(go, '');
    blockUntilExited(late);
  });
  blockUntilExited(early);

  await late.exited;
  expect(received).toBe('');
  await late.drain();
  expect(received).toBe('last\n');
});

const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** The pid that `fork-and-leave bare` printed: a daemon that nobody can find, so the test has to end it. */
async function unfindable(started: Started): Promise<number> {
  const pid = await pidAfter(started, 'child');
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  return pid;
}

test('the pipes are closed at the exit when nothing is found, though somebody holds them', async () => {
  await start('true').exited;
  const before = descriptors();
  const started = start('node', [fixture('fork-and-leave.mjs'), 'bare']);
  const daemon = await unfindable(started);
  expect((await started.exited).leftovers).toEqual([]);
  await expect.poll(descriptors).toBeLessThanOrEqual(before);
  expect(isAlive(daemon)).toBe(true);
});

test('the pipes are closed after the reaping, though somebody holds them', async () => {
  await start('true').exited;
  const before = descriptors();
  const started = start('sh', ['-c', 'node "$0" bare; sleep 60 &', fixture('fork-and-leave.mjs')]);
  const daemon = await unfindable(started);
  expect((await started.exited).leftovers).toHaveLength(1);
  await started.child.reap({ signal: 'SIGTERM', graceMs: 30_000 });
  await expect.poll(descriptors).toBeLessThanOrEqual(before);
  expect(isAlive(daemon)).toBe(true);
});
