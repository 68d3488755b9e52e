import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure/figures.ts';
import { longGraceMs } from '../session.ts';
import { type Case, msBetween, type Workload, withSession } from '../workload.ts';

/** So that a manager which waits for a second after each restart does not take an hour. */
const longestMs = 15_000;
/** Each has come to rest before it is killed. */
const restMs = 100;

export const restart: Workload = {
  name: 'restart',
  title: 'W2: restart what was killed',
  how: 'From the SIGKILL of the only process to the first instruction of its replacement, without backoff: the median of the kills of a run.',
  cases: (size) => [size === 'small' ? kills(3, 1) : kills(40, 3)],
};

function kills(count: number, rounds: number): Case {
  const job = { mode: ['hold'], count: 1, restart: true, graceMs: longGraceMs } as const;
  return {
    name: 'SIGKILL',
    rounds,
    figures: [{ name: 'p50', unit: 'ms', better: 'less' }],
    measure: (contender, machine) =>
      withSession(contender, job, machine, async (session) => {
        session.start();
        let [last] = (await session.stamps.until(1)).slice(-1);
        const times: number[] = [];
        const deadline = performance.now() + longestMs;
        while (times.length < count && performance.now() < deadline && last !== undefined) {
          await sleep(restMs);
          const killed = process.hrtime.bigint();
          process.kill(last.pid, 'SIGKILL');
          last = (await session.stamps.until(times.length + 2)).at(-1);
          if (last !== undefined) times.push(msBetween(killed, last.at));
        }
        return { p50: median(times) };
      }),
  };
}
