import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { countLines } from '../measure/lines.ts';
import { longGraceMs, type Session } from '../session.ts';
import { type Case, msBetween, type Workload, withSession } from '../workload.ts';

const lineBytes = 100;
/** What has not been written for so long never will be. */
const giveUpMs = 5000;

export const logs: Workload = {
  name: 'logs',
  title: 'W4: capture lines of 100 bytes into a file',
  how: 'From the first instruction of the process to the moment when its last line is in the file; then the lines are counted.',
  cases: (size) => {
    const [lines, rounds] = size === 'small' ? [20_000, 1] : [10_000_000, 3];
    return [capture('pipe', lines, rounds), capture('direct', lines, rounds)];
  },
};

function capture(output: 'pipe' | 'direct', lines: number, rounds: number): Case {
  const job = { mode: ['write', String(lines)], count: 1, restart: false, graceMs: longGraceMs, output } as const;
  return {
    name: output === 'pipe' ? 'through the manager' : 'written by the process',
    rounds,
    figures: [
      { name: 'rate', unit: 'MB/s', better: 'more' },
      { name: 'lost', unit: '', better: 'less' },
      { name: 'torn', unit: '', better: 'less' },
      { name: 'reordered', unit: '', better: 'less' },
    ],
    measure: (contender, machine) =>
      withSession(contender, job, machine, async (session) => {
        session.start();
        const [first] = await session.stamps.until(1, 'write');
        const [last] = await session.stamps.until(1, 'written');
        const began = first?.at ?? 0n;
        const complete = await whenComplete(session, lines * lineBytes, last?.at ?? began);
        await session.stop();
        await session.stamps.ended();
        // Some write what they still hold when they are asked to end.
        await session.untilGone();
        const counts = await countLines(session.output, lines);
        return { rate: (lines * lineBytes) / 1e6 / (msBetween(began, complete) / 1000), ...counts };
      }),
  };
}

/** When the file has all of it, or has grown for the last time; monotonic ns. */
async function whenComplete({ output }: Session, bytes: number, written: bigint): Promise<bigint> {
  let [size, grown] = [0, written];
  for (;;) {
    const now = process.hrtime.bigint();
    const found = statSync(output, { throwIfNoEntry: false })?.size ?? 0;
    if (found > size) [size, grown] = [found, now];
    if (size >= bytes) return grown > written ? grown : written;
    if (msBetween(grown, now) > giveUpMs) return grown;
    await sleep(2);
  }
}
