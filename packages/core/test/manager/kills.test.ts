import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagerEvent } from '@promptbin/core';
import { expect, onTestFinished, test } from 'vitest';
import { random } from '../../../../test-support/random.ts';
import { rounds } from '../../../../test-support/rounds.ts';
import { counted, recorded, seqs } from '../journal/harness.ts';
import { fixture } from '../support/files.ts';

const kills = rounds(12);

test(
  'a manager that was killed is told by the next, and what it has said is on record',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'promptbin-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    const journal = join(root, '.promptbin', 'journal');
    const next = random(7);
    let last = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      // Now and then all of the managers before, too, as long as that is quickly told.
      const after = kill % 4 === 3 && last < 5000 ? 0 : last;
      const heard = await manageUntilKilled(root, after, last - after + 1 + Math.floor(next() * 60));
      expect(heard).toEqual(counted(after + 1, after + heard.length));
      const events = await recorded(journal);
      expect(seqs(events)).toEqual(counted(1, events.length));
      expect(events.length).toBeGreaterThanOrEqual(after + heard.length);
      last = events.length;
    }
    const events = await recorded(journal);
    const starts = events.filter((event): event is ManagerEvent<'manager.started'> => event.type === 'manager.started');
    expect(starts.length).toBeGreaterThan(kills / 3);
    for (const [index, { seq, data }] of starts.entries()) {
      if (index === 0) continue;
      const before = starts[index - 1]?.data.pid;
      // One that has stated much is not looked through for its pid.
      expect({ pid: before, ...data.previous }).toMatchObject({ pid: before, endedCleanly: false });
      expect(data.previous?.lastAt).toBeLessThanOrEqual(events[seq - 1]?.at as number);
    }
  },
  50_000 * kills,
);

/** Kills a manager with SIGKILL when it has told so many events after `after`; their numbers. */
async function manageUntilKilled(root: string, after: number, enough: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [fixture('manage-until-killed.ts'), root, String(after)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    lines += text.split('\n').length - 1;
    if (lines >= enough) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const whole = told.split('\n').slice(0, -1);
  return whole.map((line) => Number.parseInt(line, 10));
}
