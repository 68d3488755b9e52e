import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, type Workload, withSession } from '../workload.ts';

const graceMs = 1000;
/** After the grace. */
const afterMs = 2000;

export const crash: Workload = {
  name: 'crash',
  title: 'W6: the manager is killed by SIGKILL',
  how: 'Processes that still live after grace + 2 s; then the same is started again, and what lives beyond N is a double.',
  cases: (size) => [size === 'small' ? killed(2, 1) : killed(10, 2)],
};

function killed(count: number, rounds: number): Case {
  const job = { mode: ['hold'], count, restart: true, graceMs } as const;
  return {
    name: `N=${count}`,
    rounds,
    figures: [
      { name: 'orphans', unit: '', better: 'less' },
      { name: 'doubles', unit: '', better: 'less' },
    ],
    measure: (contender, machine) =>
      withSession(contender, job, machine, async (session) => {
        session.start();
        await session.stamps.until(count);
        await sleep(1000);
        process.kill(session.manager, 'SIGKILL');
        await sleep(graceMs + afterMs);
        const orphans = session.living().length;
        session.start();
        // Some go on with what is there and begin nothing.
        await session.stamps.until(2 * count, undefined, 10_000).catch(() => undefined);
        await sleep(500);
        return { orphans, doubles: Math.max(0, session.living().length - count) };
      }),
  };
}
