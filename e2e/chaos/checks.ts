import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProc } from '../../test-support/alive.ts';
import { marksOf } from '../support/marks.ts';
import { descriptorsOf, type Steady } from './state.ts';

/** A manager may open files as it goes on, such as the log of a process; so many are no leak. */
const slack = 12;

/** How many descriptors each manager had when it was first steady. */
export type Baselines = Map<number, number>;

/** Compares what a manager says with what the machine says. Throws what does not agree. */
export async function check(folder: string, steady: Steady, baselines: Baselines): Promise<void> {
  const { manager, processes } = steady;
  const known = new Set(processes.map(({ name, generation }) => `${name} ${generation}`));
  const [stranger] = marksOf(folder).filter(({ process, run }) => !known.has(`${process} ${run}`));
  if (stranger !== undefined) throw new Error(`the manager does not know of ${JSON.stringify(stranger)}`);
  const [zombie] = zombiesOf(manager);
  if (zombie !== undefined) throw new Error(`pid ${zombie} is a zombie`);
  const alive = new Set(marksOf(folder).map(({ pid }) => pid));
  for (const { name, pid, url } of processes) {
    if (pid === undefined || !alive.has(pid))
      throw new Error(`${name} is said to run as pid ${pid}, which does not live`);
    const answer = url === undefined ? String(pid) : await (await fetch(url)).text();
    if (answer !== String(pid)) throw new Error(`${url} is answered by ${answer}, not by ${name} (pid ${pid})`);
  }
  checkJournal(folder);
  const before = baselines.get(manager) ?? descriptorsOf(manager);
  baselines.set(manager, before);
  const now = descriptorsOf(manager);
  if (now > before + slack) throw new Error(`the manager has ${now} descriptors, and had ${before}`);
}

function zombiesOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      const stat = pid > 0 ? readProc(`/proc/${pid}/stat`) : '';
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state === 'Z' && Number(ppid) === parent;
    });
}

/** Every line is whole, and no number is given twice. */
function checkJournal(folder: string): void {
  const journal = join(folder, '.promptbin', 'journal');
  let last = 0;
  for (const file of readdirSync(journal).sort()) {
    // The last line may be on its way.
    for (const line of readFileSync(join(journal, file), 'utf8').split('\n').slice(0, -1)) {
      const { seq } = JSON.parse(line) as { seq: number };
      if (seq <= last) throw new Error(`${file} has event ${seq} after ${last}`);
      last = seq;
    }
  }
}
