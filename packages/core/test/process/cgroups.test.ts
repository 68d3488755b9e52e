import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { findCgroup } from '../../src/process/cgroups.ts';
import { isAlive } from '../support/alive.ts';
import { fixture } from '../support/files.ts';
import { lineWith, testManager } from '../support/project.ts';

// Not every machine delegates one: then such a process stays, which is said in the docs, and is ended here.
const parent = findCgroup();

/** A daemon that has left its session and taken off its environment, and has no parent any more. */
const hidden = 'sleep 0.5; (env -i setsid sh -c "echo hidden \\$\\$; exec sleep 60" &); exec sleep 60';

async function hiddenPid(web: Parameters<typeof lineWith>[0]): Promise<number> {
  const pid = Number((await lineWith(web, 'hidden')).split(' ')[1]);
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

const own = (): readonly string[] =>
  parent === undefined ? [] : readdirSync(parent).filter((name) => name.startsWith(`promptbin.${process.pid}.`));

test('where cgroups are delegated, a stop ends even what has taken off all that it was known by', async () => {
  const { manager } = await testManager({ processes: { web: { command: ['sh', '-c', hidden] } } });
  await manager.process('web').start();
  const pid = await hiddenPid(manager.process('web'));
  const receipt = await manager.process('web').stop();
  expect(isAlive(pid)).toBe(parent === undefined);
  expect(receipt.signalled.includes(pid)).toBe(parent !== undefined);
  await manager.close();
  expect(own()).toEqual([]);
});

test('the guardian ends it as well, and leaves no cgroup', async () => {
  const child = spawn(process.execPath, [fixture('manage-hidden.ts'), hidden], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(String(line));
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  child.kill('SIGKILL');
  await once(child, 'close');
  if (parent === undefined) expect(isAlive(pid)).toBe(true);
  else {
    await expect.poll(() => isAlive(pid)).toBe(false);
    await expect.poll(() => existsSync(`${parent}/promptbin.${child.pid}.1`)).toBe(false);
  }
});
