import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { findCgroup } from '../../src/process/cgroups.ts';
import { isAlive } from '../support/alive.ts';
import { fixture } from '../support/files.ts';
import { hideOne, hiding } from '../support/hidden.ts';
import { testManager } from '../support/project.ts';

// Not every machine delegates one: then such a process stays, which is said in the docs, and is ended here.
const parent = findCgroup();

function endLater(pid: number): number {
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

const own = (pid: number): readonly string[] =>
  parent === undefined ? [] : readdirSync(parent).filter((name) => name.startsWith(`promptbin.${pid}.`));

test('where cgroups are delegated, a stop ends even what has taken off all that it was known by', async () => {
  const { manager } = await testManager({ processes: { web: hiding } });
  const pid = endLater(await hideOne(manager, parent));
  const receipt = await manager.process('web').stop();
  expect(isAlive(pid)).toBe(parent === undefined);
  expect(receipt.signalled.includes(pid)).toBe(parent !== undefined);
  await manager.close();
  expect(own(process.pid)).toEqual([]);
});

test('the guardian ends it as well, and leaves no cgroup', async () => {
  const child = spawn(process.execPath, [fixture('manage-hidden.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = endLater(Number(String(line)));
  child.kill('SIGKILL');
  await once(child, 'close');
  // By what it is known elsewhere, it is not found.
  await expect.poll(() => isAlive(pid)).toBe(parent === undefined);
  await expect.poll(() => own(child.pid ?? 0)).toEqual([]);
});
