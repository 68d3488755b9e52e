import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../contender.ts';
import { median } from '../measure/figures.ts';
import { timeOf } from '../measure/time.ts';
import { longGraceMs, type Session } from '../session.ts';
import { type Case, type Workload, withSession } from '../workload.ts';

export const cli: Workload = {
  name: 'cli',
  title: 'W7: answer on the command line',
  how: 'From the begin to the end of the command. For bare Node it is `node -e 0`, for the floor `true`.',
  cases: (size) => {
    const [rounds, count] = size === 'small' ? [1, 2] : [15, 10];
    return [answer('--version', 'version', rounds), answer('--help', 'help', rounds), status(count, rounds)];
  },
};

const figures = [{ name: 'time', unit: 'ms', better: 'less' }] as const;

function answer(name: string, which: 'version' | 'help', rounds: number): Case {
  return {
    name,
    rounds,
    figures,
    async measure(contender, machine) {
      const command = contender.cli?.(machine)[which];
      return command === undefined ? undefined : { time: timeOf(command) };
    },
  };
}

/** The median of several within one session: what is measured is the command, not the manager. */
function status(count: number, rounds: number): Case {
  const job = { mode: ['hold'], count, restart: false, graceMs: longGraceMs } as const;
  return {
    name: `status of ${count}`,
    rounds: 1,
    figures,
    async measure(contender, machine) {
      const answers = (times: () => number): { time: number } => ({
        time: median(Array.from({ length: rounds }, times)),
      });
      // It has no status to show: the time of its own start is what the others are compared with.
      if (contender.role === 'node') return answers(() => timeOf([process.execPath, '-e', '0']));
      return withSession(contender, job, machine, async (session) => {
        const { status: command } = session.plan;
        if (command === undefined) return undefined;
        session.start();
        await session.stamps.until(count);
        await untilAnswered(session, command);
        return answers(() => session.time(command));
      });
    },
  };
}

async function untilAnswered(session: Session, command: Command): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const fault = await session.run(command).then(
      () => undefined,
      (error: Error) => error,
    );
    if (fault === undefined) return;
    if (tries === 20) throw fault;
    await sleep(100);
  }
}
