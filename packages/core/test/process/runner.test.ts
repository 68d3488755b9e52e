import { readdirSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readProcess, readProcFile } from '../../src/process/procfs.ts';
import { isAlive } from '../support/alive.ts';
import { fixture, pidAfter, start } from './harness.ts';

async function testFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'promptbin-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('the environment is the plan’s and nothing else', async () => {
  process.env.PROMPTBIN_TEST_LEAK = 'yes';
  onTestFinished(() => void delete process.env.PROMPTBIN_TEST_LEAK);
  const { plan, output, exited } = start('env', [], { env: { GREETING: 'hello\nthere' } });
  await exited;
  const expected = Object.entries(plan.env).map(([name, value]) => `${name}=${value}\n`);
  expect(output()).toBe(expected.join(''));
});

test('it runs in the folder of the plan', async () => {
  const folder = await testFolder();
  const { output, exited } = start('pwd', ['-P'], { cwd: folder });
  await exited;
  expect(output()).toBe(`${folder}\n`);
});

test('a shell command sees its own environment', async () => {
  const { output, exited } = start('echo "$WORD"; exit 7', [], { shell: true, env: { WORD: 'two  spaces' } });
  expect((await exited).code).toBe(7);
  expect(output()).toBe('two  spaces\n');
});

test('it leads a group and a session of its own', async () => {
  const { pid } = start('sleep', ['60']).child;
  expect(readProcess(pid)).toMatchObject({ pid, ppid: process.pid, pgid: pid, session: pid });
});

test('it inherits no descriptors beside 0, 1 and 2, and no blocked or ignored signals', async () => {
  const { child } = start('sleep', ['60']);
  // What whoever started these tests left open without O_CLOEXEC goes on to everybody: not ours to close.
  const handedDown = readdirSync('/proc/self/fd').filter(
    (descriptor) => Number(descriptor) > 2 && isInherited(descriptor),
  );
  expect(readdirSync(`/proc/${child.pid}/fd`)).toEqual(['0', '1', '2', ...handedDown]);
  const status = start('grep', ['-E', '^Sig(Blk|Ign)', `/proc/${child.pid}/status`]);
  await status.exited;
  expect(status.output()).toMatch(/^SigBlk:\t0+\nSigIgn:\t0+\n$/);
});

function isInherited(descriptor: string): boolean {
  const [, flags] = /flags:\s+0(\d+)/.exec(readProcFile(`/proc/self/fdinfo/${descriptor}`)?.toString() ?? '') ?? [];
  return flags !== undefined && (Number.parseInt(flags, 8) & 0o2000000) === 0;
}

test('exit code and signal are as wait(2) tells them', async () => {
  expect(await start('sh', ['-c', 'exit 7']).exited).toMatchObject({ code: 7, signal: null });
  expect(await start('sh', ['-c', 'kill -SEGV $$']).exited).toMatchObject({ code: null, signal: 'SIGSEGV' });
});

test('everything that was written before the exit comes before it is told', async () => {
  const bytes = 3_000_000;
  const floods = Array.from({ length: 8 }, () => start('node', [fixture('flood.mjs'), String(bytes)]));
  for (const { exited, output } of floods) {
    await exited;
    expect(output()).toHaveLength(bytes + 'the last line\n'.length);
    expect(output()).toMatch(/the last line\n$/);
  }
});

test('a grandchild that holds the pipes delays nothing, is named, and is heard until it is reaped', async () => {
  const go = join(await testFolder(), 'go');
  const started = start(fixture('holds-stdout.sh'), [], { env: { GO: go } });
  const pid = await pidAfter(started, 'child');
  await writeFile(go, '');
  const exited = await started.exited;
  expect(exited).toMatchObject({ code: 3, signal: null });
  expect(exited.leftovers).toContain(pid);
  expect(started.output()).toMatch(/last line\n$/);
  expect(isAlive(pid)).toBe(true);

  process.kill(pid, 'SIGUSR1');
  await started.saw(/late\n/);

  await started.child.reap({ signal: 'SIGTERM', graceMs: 30_000 });
  expect(isAlive(pid)).toBe(false);
});

test('no descriptor is left of a process that has ended, whoever held its pipes', async () => {
  const count = (): number => readdirSync('/proc/self/fd').length;
  const cycle = async (): Promise<void> => {
    const { child, exited } = start('sh', ['-c', 'sleep 60 & echo hello']);
    expect((await exited).leftovers).toHaveLength(1);
    await child.reap({ signal: 'SIGTERM', graceMs: 30_000 });
  };
  await cycle();
  const before = count();
  for (let i = 0; i < 50; i += 1) await cycle();
  expect(count()).toBe(before);
});
