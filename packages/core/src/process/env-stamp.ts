import { readProcFile } from './procfs.ts';

/** Tells one incarnation from all others on the machine, by what its environment says. */
export type Stamp = string;

const names = ['PROMPTBIN_STAMP', 'PROMPTBIN_PROCESS', 'PROMPTBIN_RUN'] as const;
const needle = Buffer.from(`${names[0]}=`);

/** The stamp of an environment: the manager's token, the process and its run; undefined when one of them is missing. */
export function stampOf(env: Readonly<Record<string, string>>): Stamp | undefined {
  const values = names.map((name) => env[name]);
  return values.includes(undefined) ? undefined : values.join('\0');
}

/** Which process and run a stamp is of: what runs beside a run counts as that. */
export function identityIn(stamp: Stamp): { readonly process: string; readonly run: number } {
  const [, process = '', run = ''] = stamp.split('\0');
  return { process, run: Number.parseInt(run, 10) };
}

/**
 * The stamp that a process was started with; undefined when it has none, is gone, or belongs to another user. Descendants
 * inherit it, so it also finds those that left the group and the session.
 */
export function readStamp(pid: number): Stamp | undefined {
  const environment = readProcFile(`/proc/${pid}/environ`);
  if (environment === undefined || !environment.includes(needle)) return undefined;
  const env: Record<string, string> = {};
  for (const entry of environment.toString('utf8').split('\0')) {
    const equals = entry.indexOf('=');
    env[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return stampOf(env);
}
