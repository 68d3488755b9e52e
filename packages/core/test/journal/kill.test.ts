import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { random } from '../../../../test-support/random.ts';
import { readPast } from '../../src/journal/past.ts';
import { fixture } from '../support/files.ts';
import { counted, journalFolder, recorded, seqs } from './harness.ts';

/** Kills a writer with SIGKILL when it has told so much. */
async function writeUntilKilled(folder: string, bytes: number): Promise<{ from: number; heard: readonly number[] }> {
  const child = spawn(process.execPath, [fixture('journal-until-killed.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.length >= bytes) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const [first = '', ...rest] = told.split('\n');
  return { from: Number(first.slice('from '.length)), heard: rest.slice(0, -1).map(Number) };
}

test('whenever a writer is killed, what was heard is on record, and the next goes on without a gap', async () => {
  const next = random(20_261_126);
  const killMany = async (): Promise<void> => {
    const folder = await journalFolder();
    let last = 0;
    for (let kill = 0; kill < 50; kill += 1) {
      const { from, heard } = await writeUntilKilled(folder, Math.floor(next() * 1500));
      expect(from).toBe(last);
      expect(heard).toEqual(counted(from + 1, from + heard.length));
      ({ last } = readPast(folder));
      expect(last).toBeGreaterThanOrEqual(from + heard.length);
    }
    // On a busy machine a writer gets far before it is killed, and the oldest files have gone.
    const kept = seqs(await recorded(folder));
    expect(kept).toEqual(counted(kept[0] as number, last));
  };
  await Promise.all(Array.from({ length: 4 }, killMany));
}, 600_000);
