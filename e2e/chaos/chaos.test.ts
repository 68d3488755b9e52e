import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { rounds } from '../../test-support/rounds.ts';
import { faults } from './faults.ts';

/** Each fault is made at least once with PROMPTBIN_TEST_ROUNDS=2 and more. */
const count = rounds(8);
const seed = process.env.PROMPTBIN_CHAOS_SEED ?? '1';

test(
  'whatever happens, what a manager says is what runs',
  async () => {
    const namespace = ['--user', '--map-root-user', '--mount'];
    const program = [process.execPath, join(import.meta.dirname, 'run.ts'), seed, String(count)];
    const { stdout } = await promisify(execFile)('unshare', [...namespace, ...program]);
    console.info(stdout);
    const { done } = JSON.parse(stdout) as { done: Record<string, number> };
    expect(Object.keys(faults)).toEqual(expect.arrayContaining(Object.keys(done)));
    expect(Object.values(done).reduce((sum, times) => sum + times)).toBeGreaterThanOrEqual(count);
  },
  40_000 * (count + 2),
);
