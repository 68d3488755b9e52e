import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../test-support/alive.ts';
import { promptbin, promptbinJson, type Status } from '../support/cli.ts';
import { until } from '../support/until.ts';

/** What a manager says when nothing is on its way any more. */
export interface Steady {
  readonly manager: number;
  readonly processes: readonly Status[];
}

/** Brings a manager up when there is none, and waits until every process is ready. */
export async function steady(folder: string, context: string): Promise<Steady> {
  const { code, stderr } = await promptbin(folder, ['up', '--detach']).finished;
  if (code !== 0 && code !== 1) throw new Error(`${context}: up has ended with ${code}: ${stderr}`);
  return until(
    () => look(folder),
    ({ manager, processes }) => isAlive(manager) && processes.length > 0 && processes.every(({ ready }) => ready),
    `everything is ready (${context})`,
  );
}

async function look(folder: string): Promise<Steady> {
  const { json } = await promptbinJson(folder, 'ps');
  const { manager, processes = [] } = json;
  // What has failed for want of a disk, say, is not tried again by itself, and a command of before may have stopped something.
  const down = processes.filter(({ phase }) => phase === 'failed' || phase === 'stopped').map(({ name }) => name);
  if (down.length > 0) await promptbin(folder, ['start', ...down]).finished;
  return { manager: manager?.pid ?? 0, processes };
}

export function descriptorsOf(pid: number): number {
  return readdirSync(join('/proc', String(pid), 'fd')).length;
}
