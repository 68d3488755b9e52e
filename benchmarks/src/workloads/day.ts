import { join } from 'node:path';
import { countObjects, grownObjects } from '../measure/snapshot.ts';
import { longGraceMs } from '../session.ts';
import { type Case, type Workload, withSession } from '../workload.ts';

export const day: Workload = {
  name: 'day',
  title: 'A day: does the manager grow?',
  how: 'Ten processes with a day of checks, readings, output and restarts (3,600 lines and a restart each hour, a check and a reading every 20 s), a thousand times as fast. The heap after a collection; objects: how many more there are at the end than half-way, of the constructors that have more.',
  cases: (size) => [size === 'small' ? heap(4, 200) : heap(24, 3600)],
};

function heap(hours: number, hourMs: number): Case {
  const job = { mode: ['write', '3600'], count: 1, restart: true, graceMs: longGraceMs } as const;
  return {
    name: `${hours} hours`,
    rounds: 1,
    figures: [
      { name: 'half-way', unit: 'MB', better: 'less' },
      { name: 'end', unit: 'MB', better: 'less' },
      { name: 'objects', unit: '', better: 'less' },
    ],
    async measure(contender, machine) {
      if (contender.role !== 'promptbin') return undefined;
      return withSession(contender, job, machine, async (session) => {
        const { folder, stamps } = session;
        const command = [...machine.programs.child, 'write', stamps.path, '3600'];
        const told = { install: machine.install, folder, command, hours, hourMs };
        const program = join(machine.root, 'programs', 'day.mjs');
        const printed = await session.run([process.execPath, '--expose-gc', program, JSON.stringify(told)]);
        const [, half = Number.NaN, , end = Number.NaN] = JSON.parse(
          printed.trim().split('\n').at(-1) ?? '',
        ) as number[];
        const count = (name: string): ReadonlyMap<string, number> => countObjects(join(folder, `${name}.heapsnapshot`));
        return { 'half-way': half / 1e6, end: end / 1e6, objects: grownObjects(count('half'), count('end')) };
      });
    },
  };
}
