import { readdirSync } from 'node:fs';
import { isAlive, readProc } from '../../test-support/alive.ts';

/** By which a process is known to have been started by a manager. */
export interface Marks {
  readonly pid: number;
  readonly process: string;
  readonly run: string;
}

/** The living processes that managers of a project have started, whichever, by their environment. */
export function marksOf(project: string): readonly Marks[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!(pid > 0)) return [];
    const env = readProc(`/proc/${pid}/environ`).split('\0');
    if (!env.includes(`PROMPTBIN_PROJECT=${project}`) || !isAlive(pid)) return [];
    const of = (key: string): string => env.find((entry) => entry.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
    return [{ pid, process: of('PROMPTBIN_PROCESS'), run: of('PROMPTBIN_RUN') }];
  });
}
