import { readdirSync } from 'node:fs';
import { isAlive, readProc } from '../../../../test-support/alive.ts';

export { isAlive };

/** Living processes whose environment contains `text`, such as `PROMPTBIN_STAMP=…` or the path of a test's own folder. */
export function pidsWithEnvironment(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && isAlive(pid) && readProc(`/proc/${pid}/environ`).includes(text));
}
