import { setTimeout as sleep } from 'node:timers/promises';
import { longGraceMs, type Mode } from '../session.ts';
import { type Case, msBetween, type Workload, withSession } from '../workload.ts';

/** How long what is left after a stop may take to go by itself. */
const afterMs = 2000;
const shortGraceMs = 1000;

export const stop: Workload = {
  name: 'stop',
  title: 'W5: stop N processes',
  how: 'From the request, a signal to the manager or its own command, until the last process is gone; and what is left 2 s later of processes with grandchildren.',
  cases: (size) => {
    const [count, families, rounds] = size === 'small' ? [3, 2, 1] : [100, 10, 2];
    return [
      until(`${count} that obey`, { mode: ['hold'], count, graceMs: longGraceMs }, rounds),
      until(`${count} that ignore SIGTERM, 1 s of grace`, { mode: ['stubborn'], count, graceMs: shortGraceMs }, rounds),
      leftBehind(families, rounds),
    ];
  },
};

function until(name: string, job: { mode: Mode; count: number; graceMs: number }, rounds: number): Case {
  return {
    name,
    rounds,
    figures: [{ name: 'time', unit: 'ms', better: 'less' }],
    measure: (contender, machine) =>
      withSession(contender, { ...job, restart: false }, machine, async (session) => {
        session.start();
        await session.stamps.until(job.count);
        await sleep(500);
        const asked = process.hrtime.bigint();
        const [ended] = await Promise.all([session.stamps.ended(30_000), session.stop()]);
        return { time: msBetween(asked, ended) };
      }),
  };
}

/** Each with a grandchild in its group and one that has left group and session. */
function leftBehind(count: number, rounds: number): Case {
  const job = { mode: ['family'], count, restart: false, graceMs: shortGraceMs } as const;
  return {
    name: `${count} with two grandchildren each, one in a session of its own`,
    rounds,
    figures: [{ name: 'left', unit: '', better: 'less' }],
    measure: (contender, machine) =>
      withSession(contender, job, machine, async (session) => {
        session.start();
        await session.stamps.until(3 * count);
        await session.stop();
        const deadline = performance.now() + shortGraceMs + afterMs;
        while (session.living().length > 0 && performance.now() < deadline) await sleep(50);
        return { left: session.living().length };
      }),
  };
}
