import type { Contender, Machine } from './contender.ts';
import type { JobOptions } from './session.ts';
import { Session } from './session.ts';

/** `full` is what is published; `small` shows that everything works, and counts, within seconds. */
export type Size = 'full' | 'small';

export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'MB/s' | 'MB' | 'KB' | 's/min' | '/s' | '';
  readonly better: 'less' | 'more';
}

/** What one round tells, by the names of the figures. */
export type Sample = Readonly<Record<string, number>>;

export interface Case {
  readonly name: string;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  /** Undefined when the contender has no such thing to offer. */
  measure(contender: Contender, machine: Machine): Promise<Sample | undefined>;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** What is measured, from when to when. */
  readonly how: string;
  cases(size: Size): readonly Case[];
}

/**
 * Does something with a manager of its own and ends it, whatever happens.
 *
 * @throws Error of `measure`, with what the manager has printed
 */
export async function withSession<T>(
  contender: Contender,
  options: JobOptions,
  machine: Machine,
  measure: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  using session = Session.prepare(contender, options, machine);
  if (session === undefined) return undefined;
  try {
    return await measure(session);
  } catch (error) {
    const said = session.said().trim();
    throw new Error(`${error instanceof Error ? error.message : error}${said === '' ? '' : `; it said: ${said}`}`);
  }
}

/** Both of `process.hrtime.bigint()`. */
export function msBetween(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6;
}
