import { randomUUID } from 'node:crypto';
import { isAlive, type ProcessIdentity, pidNamespaceOf, readEnvironment, readProcess } from './procfs.ts';

/** Tells one incarnation from all others on the machine, by what its environment says. */
export type Stamp = string;

const names = ['PROMPTBIN_STAMP', 'PROMPTBIN_PROCESS', 'PROMPTBIN_RUN'] as const;
const needle = Buffer.from(`${names[0]}=`);

/** Who has given out a stamp. */
export interface Issuer extends ProcessIdentity {
  /** Pids mean something only within one: that of a container says nothing outside of it. */
  readonly namespace: string;
}

/** For the stamps of a manager: what ends with it has another one than what goes on without it. */
export interface Tokens {
  readonly stop: string;
  readonly keep: string;
}

/** Those of a manager in this process. They say whose they are, so that whoever finds one later can tell whether that one lives. */
export function createTokens(): Tokens {
  const { startTime = '' } = readProcess(process.pid) ?? {};
  const create = (): string => [process.pid, startTime, pidNamespaceOf('self') ?? '', randomUUID()].join('.');
  // The guardian looks for what begins with the first one.
  return { stop: create(), keep: `${create()}.keep` };
}

/** Whether what bears it goes on when its manager is killed. */
export function isKept(stamp: Stamp): boolean {
  const [token = ''] = stamp.split('\0');
  return token.endsWith('.keep');
}

/** The manager that a stamp comes from; undefined when it does not tell. */
export function issuerIn(stamp: Stamp): Issuer | undefined {
  const [, pid, startTime, namespace] = /^(\d+)\.(\d+)\.([^.]+)\.[^.]+(?:\.keep)?\0/.exec(stamp) ?? [];
  if (namespace === undefined) return undefined;
  return { pid: Number(pid), startTime: Number(startTime), namespace };
}

/** Whether the manager that a stamp comes from is surely gone. One of another namespace may live: its pid says nothing here. */
export function isOrphaned(stamp: Stamp): boolean {
  const issuer = issuerIn(stamp);
  return issuer !== undefined && issuer.namespace === pidNamespaceOf('self') && !isAlive(issuer);
}

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

/** What a process was started with. */
export interface Marks {
  readonly stamp: Stamp;
  /** The folder of the config of its manager. */
  readonly project: string | undefined;
}

/**
 * The marks that a process was started with; undefined when it has none, is gone, or belongs to another user. Descendants
 * inherit them, so they also tell of those that left the group and the session.
 */
export function readMarks(pid: number): Marks | undefined {
  const env = readStampedEnvironment(pid);
  const stamp = env && stampOf(env);
  return stamp === undefined ? undefined : { stamp, project: env?.PROMPTBIN_PROJECT };
}

/** What a process was started with, if that has a stamp. */
export function readStampedEnvironment(pid: number): Readonly<Record<string, string>> | undefined {
  const environment = readEnvironment(pid);
  if (environment === undefined || !environment.includes(needle)) return undefined;
  const env: Record<string, string> = {};
  for (const entry of environment.toString('utf8').split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0) env[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return env;
}

/** The stamp among the marks of a process. */
export function readStamp(pid: number): Stamp | undefined {
  return readMarks(pid)?.stamp;
}
