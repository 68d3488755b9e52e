import { setTimeout as sleep } from 'node:timers/promises';
import { longGraceMs } from '../session.ts';
import { type Case, type Workload, withSession } from '../workload.ts';

/** The start is over by then. */
const restMs = 5000;
const windowMs = 30_000;

export const idle: Workload = {
  name: 'idle',
  title: 'W3: look after N idle processes',
  how: 'CPU, memory and wake-ups of the manager and its helpers, with the monitoring that it does by default, without the processes themselves, for 30 s that begin 5 s after the start. What is done more rarely is not in it: promptbin reads CPU and memory of each process every five minutes while nobody looks, which costs 0.5 ms each.',
  cases: (size) =>
    size === 'small' ? [idleOf(3, 500, 200, 1)] : [idleOf(100, restMs, windowMs, 1), idleOf(500, restMs, windowMs, 1)],
};

function idleOf(count: number, afterMs: number, windowMs: number, rounds: number): Case {
  return {
    name: `N=${count}`,
    rounds,
    figures: [
      { name: 'CPU', unit: 's/min', better: 'less' },
      { name: 'RSS', unit: 'MB', better: 'less' },
      { name: 'wake-ups', unit: '/s', better: 'less' },
    ],
    measure: (contender, machine) =>
      withSession(
        contender,
        { mode: ['hold'], count, restart: true, graceMs: longGraceMs },
        machine,
        async (session) => {
          session.start();
          await session.stamps.until(count);
          await sleep(afterMs);
          const before = session.usage();
          const began = performance.now();
          await sleep(windowMs);
          const after = session.usage();
          const seconds = (performance.now() - began) / 1000;
          return {
            CPU: ((after.cpuNs - before.cpuNs) / 1e9 / seconds) * 60,
            RSS: after.rssBytes / 1e6,
            'wake-ups': (after.wakeUps - before.wakeUps) / seconds,
          };
        },
      ),
  };
}
