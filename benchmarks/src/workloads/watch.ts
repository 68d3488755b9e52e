import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure/figures.ts';
import { longGraceMs } from '../session.ts';
import { type Case, msBetween, type Workload, withSession } from '../workload.ts';

/** The watcher is ready, and has come to rest after the change before. */
const restMs = 1000;

export const watch: Workload = {
  name: 'watch',
  title: 'W8: restart when a file is written',
  how: 'From the write to the first instruction of the replacement, without debounce: the median of the writes of a run.',
  cases: (size) => [size === 'small' ? writes(2, 1) : writes(10, 2)],
};

function writes(count: number, rounds: number): Case {
  return {
    name: 'one file',
    rounds,
    figures: [{ name: 'p50', unit: 'ms', better: 'less' }],
    async measure(contender, machine) {
      const folder = mkdtempSync(join(tmpdir(), 'promptbin-bench-watched-'));
      const file = join(folder, 'file.txt');
      writeFileSync(file, 'before');
      const job = { mode: ['hold'], count: 1, restart: true, graceMs: longGraceMs, watch: folder } as const;
      const measured = withSession(contender, job, machine, async (session) => {
        session.start();
        await session.stamps.until(1);
        const times: number[] = [];
        while (times.length < count) {
          await sleep(restMs);
          const written = process.hrtime.bigint();
          writeFileSync(file, String(written));
          const last = (await session.stamps.until(times.length + 2)).at(-1);
          times.push(msBetween(written, last?.at ?? written));
        }
        return { p50: median(times) };
      });
      return measured.finally(() => rmSync(folder, { recursive: true }));
    },
  };
}
