import { type Spread, spreadOf } from '../measure/figures.ts';
import type { CaseResult, Entry } from '../run.ts';
import type { Figure } from '../workload.ts';

/** One contender in one figure of a case. */
export interface Row {
  readonly contender: string;
  readonly role: Entry['role'];
  readonly spread: Spread | undefined;
  /** To the floor, or to bare Node where there is none; undefined when that is 0. */
  readonly ratio: number | undefined;
  /** The first line of what went wrong. */
  readonly fault: string | undefined;
}

export interface Summary {
  readonly workload: string;
  readonly case: string;
  readonly figure: Figure;
  readonly rows: readonly Row[];
}

/** A table for each figure of each case. */
export function summarizeAll(results: readonly CaseResult[]): readonly Summary[] {
  return results.flatMap((result) => result.figures.map((figure) => summarize(result, figure)));
}

function summarize({ workload, case: name, entries }: CaseResult, figure: Figure): Summary {
  const spreads = new Map(
    entries.map(({ contender, samples }) => {
      const found = samples[figure.name];
      return [contender, found === undefined ? undefined : spreadOf(found)];
    }),
  );
  const baseOf = (role: Entry['role']): Spread | undefined =>
    spreads.get(entries.find((entry) => entry.role === role)?.contender ?? '');
  const base = (baseOf('floor') ?? baseOf('node'))?.median;
  const rows = entries.map(({ contender, role, fault }): Row => {
    const spread = spreads.get(contender);
    const ratio = spread === undefined || base === undefined || base === 0 ? undefined : spread.median / base;
    return { contender, role, spread, ratio, fault: fault?.split('\n')[0]?.slice(0, 80) };
  });
  return { workload, case: name, figure, rows };
}

/** A number with three digits that count. */
export function short(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** `12.3 (11.9 to 14)`. */
export function spreadText({ median, min, max }: Spread): string {
  return min === max ? short(median) : `${short(median)} (${short(min)} to ${short(max)})`;
}
