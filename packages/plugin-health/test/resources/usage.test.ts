import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import pidusage from 'pidusage';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readUsage } from '../../src/resources/usage.ts';

const children: ChildProcess[] = [];

/** Runs until the test ends; resolves when it has said something. */
async function run(code: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', `${code}; process.stdout.write('.')`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

const idle = 'setInterval(() => {}, 1000)';
const gone = 2 ** 22 + 1;

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('what processes use', () => {
  it('is CPU time that grows while one is busy, and memory', async () => {
    const busy = await run('setTimeout(() => { for (;;); }, 10)');
    const usageOf = async () => (await readUsage([busy])).get(busy);
    const first = await usageOf();
    expect(first?.memoryBytes).toBeGreaterThan(10 * 2 ** 20);
    await expect.poll(async () => (await usageOf())?.cpuMs).toBeGreaterThan((first?.cpuMs ?? 0) + 100);
  });

  it('leaves out who is gone, and is empty when all are', async () => {
    const pid = await run(idle);
    expect([...(await readUsage([gone, pid])).keys()]).toEqual([pid]);
    expect((await readUsage([gone])).size).toBe(0);
    expect((await readUsage([])).size).toBe(0);
  });

  it.runIf(process.platform === 'linux')('tells threads and open descriptors', async () => {
    const more = `for (let i = 0; i < 50; i++) fs.openSync('/dev/null'); ${idle}`;
    const [plain, greedy] = await Promise.all([run(idle), run(more)]);
    const usages = await readUsage([plain, greedy]);
    const [few = 0, many = 0] = [plain, greedy].map((pid) => usages.get(pid)?.descriptors);
    expect(few).toBeGreaterThan(2);
    expect(many - few).toBe(50);
    expect(usages.get(plain)?.threads).toBeGreaterThan(1);
  });

  // pidusage keeps one for each pid, by default for a minute and a half after the last reading.
  it.runIf(process.platform === 'linux')('holds no descriptor from one reading to the next', async () => {
    const pids = await Promise.all(Array.from({ length: 8 }, () => run(idle)));
    const held = async () => (await readdir('/proc/self/fd')).length;
    const before = await held();
    await readUsage(pids);
    expect(await held()).toBeGreaterThanOrEqual(before + pids.length);
    await expect.poll(held).toBeLessThanOrEqual(before);
  });

  it('makes pidusage forget its descriptors when the manager was held up, and only then', async () => {
    const clear = vi.spyOn(pidusage, 'clear');
    const pid = await run(idle);
    await readUsage([pid]);
    expect(clear).not.toHaveBeenCalled();
    const now = vi.spyOn(Date, 'now').mockReturnValueOnce(Date.now() - 3000);
    await readUsage([pid]);
    expect(clear).toHaveBeenCalledOnce();
    for (const spy of [clear, now]) spy.mockRestore();
  });
});
