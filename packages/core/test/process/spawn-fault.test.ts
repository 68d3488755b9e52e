import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { LaunchPlan } from '../../src/contract/runner.ts';
import { start } from './harness.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

function fault(command: string, args: readonly string[] = [], extra: Partial<LaunchPlan> = {}): unknown {
  try {
    start(command, args, extra);
  } catch (thrown) {
    return thrown;
  }
  throw new Error('it was started');
}

const spawnFailed = (causeCode: string, message: string): object =>
  expect.objectContaining({ code: 'PB_SPAWN_FAILED', message, process: 'web', details: { causeCode } });

test('a command that is nowhere in the PATH of the child', () => {
  expect(fault('gunicorn-of-nobody')).toEqual(
    spawnFailed('commandNotFound', 'command "gunicorn-of-nobody" was not found in PATH'),
  );
  expect(fault('node', [], { env: { PATH: folder } })).toEqual(
    spawnFailed('commandNotFound', 'command "node" was not found in PATH'),
  );
});

test('a path to nothing', () => {
  expect(fault('./run', [], { cwd: folder })).toEqual(spawnFailed('commandNotFound', 'command "./run" does not exist'));
});

test('a folder that does not exist, though the command does', () => {
  const cwd = join(folder, 'nowhere');
  expect(fault('true', [], { cwd })).toEqual(spawnFailed('missingFile', `folder "${cwd}" does not exist`));
});

test('a folder that is a file', async () => {
  const cwd = join(folder, 'file');
  await writeFile(cwd, '');
  expect(fault('true', [], { cwd })).toEqual(spawnFailed('missingFile', `"${cwd}" is not a folder`));
});

test('a file that is not executable', async () => {
  await writeFile(join(folder, 'run'), '#!/bin/sh\n');
  expect(fault('./run', [], { cwd: folder })).toEqual(spawnFailed('permissionDenied', '"./run" is not executable'));
});

test('a script whose interpreter is gone, as after moving a virtual environment', async () => {
  const file = join(folder, 'gunicorn');
  await writeFile(file, '#!/nowhere/venv/bin/python3 -E\nimport sys\n');
  await chmod(file, 0o755);
  const message = `"${file}" cannot be run: its interpreter "/nowhere/venv/bin/python3" does not exist`;
  expect(fault('gunicorn', [], { env: { PATH: `/bin:${folder}` } })).toEqual(spawnFailed('commandNotFound', message));
  expect(fault('./gunicorn', [], { cwd: folder })).toEqual(spawnFailed('commandNotFound', message));
});

test('arguments that are too long', () => {
  expect(fault('true', ['x'.repeat(3_000_000)])).toEqual(
    spawnFailed('unknown', 'the arguments and the environment of "true" are too long'),
  );
});

test('an argument that no program can be given', () => {
  expect(fault('true', ['a\0b'])).toEqual(
    expect.objectContaining({ code: 'PB_SPAWN_FAILED', message: expect.stringContaining('"true" cannot be run: ') }),
  );
});

test('no descriptors left', async () => {
  const { exited, output } = start('sh', [
    '-c',
    'ulimit -n 64; exec node "$0"',
    new URL('../fixtures/no-descriptors.ts', import.meta.url).pathname,
  ]);
  expect((await exited).code).toBe(0);
  expect(JSON.parse(output())).toEqual({
    message: '"true" cannot be run: too many files are open',
    tree: 'found',
    reaped: true,
  });
});

test('a failed spawn is no event that crashes anything later, and leaves no descriptor', async () => {
  fault('nothing-there');
  const before = readdirSync('/proc/self/fd').length;
  for (let i = 0; i < 20; i += 1) {
    fault('nothing-there');
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
});
