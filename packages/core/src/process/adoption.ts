import { uptime } from 'node:os';
import type { ResolvedProcess } from '../contract/config.ts';
import type { LaunchPlan } from '../contract/runner.ts';
import { composePlan } from './env.ts';
import { readStampedEnvironment } from './env-stamp.ts';
import { settingsMark } from './fingerprint.ts';
import type { Orphan } from './orphans.ts';
import { type ProcessIdentity, readProcess } from './procfs.ts';

/** Of `startTime`: the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** A run that another manager has started, and that goes on: to be taken over. */
export interface Adoptee {
  readonly leader: ProcessIdentity;
  readonly name: string;
  readonly run: number;
  /** Pid of the manager that has started it. */
  readonly manager: number;
  /** What it was started with: it says at which port it is. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Adoption {
  readonly adoptee: Adoptee;
  /** By which it would be launched now. */
  readonly plan: LaunchPlan;
}

/**
 * Those that the config wants to be taken over. Everything is read from the processes themselves, which nobody can have truncated, mixed up, or left from
 * before the machine was started anew. Of several runs of a process, the newest is taken.
 */
export function adopteesAmong(
  orphans: readonly Orphan[],
  processes: Readonly<Record<string, ResolvedProcess>>,
): readonly Adoptee[] {
  const adoptees = new Map<string, Adoptee>();
  for (const { pid, startTime, kept, process: name, run, manager } of orphans) {
    const wanted = kept && Object.hasOwn(processes, name) && processes[name]?.onManagerDeath === 'keep';
    if (!wanted || run <= (adoptees.get(name)?.run ?? 0)) continue;
    const entry = readProcess(pid);
    const env = readStampedEnvironment(pid);
    // The leader alone: it leads the session that all of the run began in. The oldest comes first.
    const isLeader = entry?.startTime === startTime && entry.session === pid;
    if (isLeader && env !== undefined) adoptees.set(name, { leader: { pid, startTime }, name, run, manager, env });
  }
  return [...adoptees.values()];
}

/** What is no part of a run that is taken over. */
export function withoutAdopted(orphans: readonly Orphan[], adoptees: readonly Adoptee[]): readonly Orphan[] {
  const isOf = (orphan: Orphan, { name, run, manager }: Adoptee): boolean =>
    orphan.kept && orphan.process === name && orphan.run === run && orphan.manager === manager;
  return orphans.filter((orphan) => !adoptees.some((adoptee) => isOf(orphan, adoptee)));
}

/** By which an adoptee would be launched now. */
export function planOf({ env, name, run }: Adoptee, spec: ResolvedProcess): LaunchPlan {
  const port = spec.port === undefined || env.PROMPTBIN_PORT === undefined ? undefined : Number(env.PROMPTBIN_PORT);
  return {
    ...composePlan(spec, port),
    name,
    generation: run,
    env,
    host: env.PROMPTBIN_HOST ?? spec.port?.host ?? '127.0.0.1',
    graceMs: spec.stop.graceMs,
    keep: true,
    ...(port === undefined ? {} : { port }),
  };
}

/** Whether it was started with other settings than those of the config now. */
export function isOutdated({ env }: Adoptee, spec: ResolvedProcess): boolean {
  return env.PROMPTBIN_SETTINGS !== settingsMark(spec);
}

/** How long it has run, ms. */
export function ageOf({ leader }: Adoptee): number {
  return Math.max(0, (uptime() - leader.startTime / ticksPerSecond) * 1000);
}
