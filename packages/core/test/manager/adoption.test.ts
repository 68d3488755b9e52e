import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManager } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { endOrphans, findOrphans } from '../../src/process/orphans.ts';
import { createLocalRunner } from '../../src/process/runner.ts';
import { isAlive } from '../support/alive.ts';

const config = {
  processes: { web: { command: 'sleep 300', onManagerDeath: 'keep', logs: { mode: 'direct' } } },
} as const;

test('a runner that takes nothing over begins anew, and what was left is ended', async () => {
  const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  const options = { root, journal: true, log: false } as const;
  const program = `
    import { createManager } from '@promptbin/core';
    const manager = await createManager(${JSON.stringify(config)}, ${JSON.stringify(options)});
    console.log((await manager.process('web').start()).pid);`;
  const first = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    first.kill('SIGKILL');
    await endOrphans((await findOrphans(root)) ?? [], { graceMs: 0 });
    await rm(root, { recursive: true, force: true });
  });
  const [line] = (await once(first.stdout, 'data')) as [Buffer];
  const kept = Number(String(line));
  first.kill('SIGKILL');
  await once(first, 'close');
  expect(isAlive(kept)).toBe(true);

  const { spawn: begin } = createLocalRunner({ clock: systemClock });
  await using manager = await createManager(config, { ...options, runner: { spawn: begin } });
  expect(isAlive(kept)).toBe(false);
  const { pid, generation } = await manager.process('web').start();
  expect(pid).not.toBe(kept);
  expect(generation).toBe(1);
});
