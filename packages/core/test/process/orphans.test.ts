import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTokens, isKept, issuerIn } from '../../src/process/env-stamp.ts';
import { endOrphans, findOrphans } from '../../src/process/orphans.ts';
import { readProcess } from '../../src/process/procfs.ts';
import { isAlive, pidsWithEnvironment } from '../support/alive.ts';
import { fixture } from '../support/files.ts';

async function newProject(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** A manager of the project in a process of its own; all that it has started ends with the test. */
async function manage(root: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [fixture('manage-children.ts'), root], {
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
  });
  await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, kill };
}

test('what a killed manager has started is found by its project, and ended with all that belongs to it', async () => {
  const root = await newProject();
  const manager = await manage(root);
  expect(await findOrphans(root)).toEqual([]);
  await manager.kill();

  const orphans = (await findOrphans(root)) ?? [];
  // `bare` has taken the environment away from its sleep, but not from the shell before it.
  for (const [process, command = ''] of [
    ['plain', 'sleep 300'],
    ['deaf', 'sleep 301'],
    ['daemon', 'fork-and-leave.mjs'],
    ['daemon', 'sleep 60'],
    ['bare', 'env -i sleep 300'],
  ]) {
    const known = { process, run: 1, manager: manager.pid, project: root };
    expect(orphans).toContainEqual(expect.objectContaining({ ...known, command: expect.stringContaining(command) }));
  }
  expect(orphans.map(({ pid }) => pid)).toEqual(
    expect.arrayContaining(pidsWithEnvironment(`PROMPTBIN_PROJECT=${root}`)),
  );

  const { ended, left } = await endOrphans(orphans, { graceMs: 200 });
  expect(left).toEqual([]);
  expect(ended).toEqual(expect.arrayContaining(orphans.map(({ pid }) => pid)));
  expect(orphans.filter(({ pid }) => isAlive(pid))).toEqual([]);
  expect(await findOrphans(root)).toEqual([]);
});

test('what belongs to another project, or to a manager that lives, is left alone', async () => {
  const [root, other] = [await newProject(), await newProject()];
  const [killed, living] = [await manage(root), await manage(root)];
  await manage(other).then(({ kill }) => kill());
  await killed.kill();
  const orphans = (await findOrphans(root)) ?? [];
  expect(new Set(orphans.map(({ manager }) => manager))).toEqual(new Set([killed.pid]));
  const link = `${root}-link`;
  await symlink(root, link);
  onTestFinished(() => rm(link));
  expect(await findOrphans(link)).toEqual(orphans);

  await endOrphans(orphans, { graceMs: 0 });
  expect(((await findOrphans(other)) ?? []).length).toBeGreaterThan(3);
  const tokens = `PROMPTBIN_MANAGER_PID=${living.pid}`;
  expect(pidsWithEnvironment(tokens).length).toBeGreaterThan(3);
});

test('a pid that was given to somebody else is not touched', async () => {
  const root = await newProject();
  const { kill } = await manage(root);
  await kill();
  const [orphan] = (await findOrphans(root)) ?? [];
  if (orphan === undefined) return expect.unreachable();
  const { ended } = await endOrphans([{ ...orphan, startTime: orphan.startTime - 1 }], { graceMs: 0 });
  expect(ended).toEqual([]);
  expect(isAlive(orphan.pid)).toBe(true);
});

test('a stamp says which process it is of', () => {
  const { stop: token, keep } = createTokens();
  const issuer = issuerIn(`${token}\0web\x001`);
  expect(issuer).toMatchObject({ pid: process.pid, startTime: readProcess(process.pid)?.startTime });
  expect(createTokens().stop).not.toBe(token);
  expect(issuerIn(`${keep}\0web\x001`)).toEqual(issuerIn(`${token}\0web\x001`));
  expect([token, keep].map((one) => isKept(`${one}\0web\x001`))).toEqual([false, true]);
  for (const foreign of ['', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', `test-${process.pid}`, '1..x.y']) {
    expect(issuerIn(`${foreign}\0web\x001`)).toBeUndefined();
  }
});
