import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endOrphans, findOrphans } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { random } from '../../test-support/random.ts';
import { rounds } from '../../test-support/rounds.ts';
import { marksOf } from '../support/marks.ts';

/** 500 with PROMPTBIN_TEST_ROUNDS=84. */
const kills = rounds(6);
const seed = Number(process.env.PROMPTBIN_CHAOS_SEED ?? 20_261_127);
/** From its start, or from the moment when all is up: half of them are killed before that. */
const longestMs = 800;

test(
  'a manager that is killed at any moment leaves nothing, and the next starts nothing twice',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'promptbin-chaos-'));
    onTestFinished(async () => {
      await endOrphans((await findOrphans(root)) ?? [], { graceMs: 0 });
      await rm(root, { recursive: true, force: true });
    });
    const next = random(seed);
    let slowestMs = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const where = `seed ${seed}, kill ${kill}`;
      const program = join(import.meta.dirname, 'manager.ts');
      const manager = spawn(process.execPath, [program, root, String(seed + kill)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(manager, 'close');
      if (kill % 2 === 1) {
        const [line] = (await once(createInterface(manager.stdout), 'line')) as [string];
        expect(runsOf(root), where).toEqual((JSON.parse(line) as string[]).sort());
        manager.stdin.write('go\n');
      }
      await new Promise((resolve) => setTimeout(resolve, next() * longestMs));
      manager.kill('SIGKILL');
      const since = performance.now();
      await ended;
      await expect.poll(() => marksOf(root), { message: where, interval: 20 }).toEqual([]);
      slowestMs = Math.max(slowestMs, performance.now() - since);
    }
    console.info(`${kills} SIGKILLs: nothing was left after ${Math.round(slowestMs)} ms at most`);
  },
  60_000 * (kills + 1),
);

/** Each run of which a process is alive, once. */
function runsOf(root: string): readonly string[] {
  return [...new Set(marksOf(root).map(({ process, run }) => `${process} ${run}`))].sort();
}
