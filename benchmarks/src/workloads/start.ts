import { longGraceMs } from '../session.ts';
import { type Case, msBetween, type Workload, withSession } from '../workload.ts';

/** From the command to the first instruction of the last process. */
export const start: Workload = {
  name: 'start',
  title: 'W1: start N processes',
  how: 'From the command that starts the manager to the first instruction of the last of its N processes.',
  cases: (size) => (size === 'small' ? [startOf(3, 1)] : [startOf(10, 5), startOf(100, 3), startOf(500, 3)]),
};

function startOf(count: number, rounds: number): Case {
  return {
    name: `N=${count}`,
    rounds,
    figures: [{ name: 'time', unit: 'ms', better: 'less' }],
    measure: (contender, machine) =>
      withSession(
        contender,
        { mode: ['hold'], count, restart: false, graceMs: longGraceMs },
        machine,
        async (session) => {
          const began = session.start();
          const stamps = await session.stamps.until(count);
          return { time: msBetween(began, stamps[count - 1]?.at ?? began) };
        },
      ),
  };
}
