import type { Usage } from './usage.ts';

/** One reading of a process tree. */
export interface Reading {
  /** Of one core: two busy cores are 200. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly processes: number;
  /** Absent where the platform does not tell. */
  readonly threads?: number;
  readonly descriptors?: number;
}

/** Turns what the processes of one incarnation have used into readings of the tree. */
export class Meter {
  #before: { readonly at: number; readonly usages: ReadonlyMap<number, Usage> } | undefined;

  /**
   * @param at monotonic, ms
   * @returns undefined at the first time, for CPU is a difference of two; and when nothing could be read
   */
  take(usages: ReadonlyMap<number, Usage>, at: number): Reading | undefined {
    if (usages.size === 0) return undefined;
    const before = this.#before;
    this.#before = { at, usages };
    if (before === undefined || at <= before.at) return undefined;
    const elapsedMs = at - before.at;
    let [cpuMs, memoryBytes] = [0, 0];
    for (const [pid, usage] of usages) {
      cpuMs += cpuSince(usage, before.usages.get(pid), elapsedMs);
      memoryBytes += usage.memoryBytes;
    }
    const all = [...usages.values()];
    const threads = sum(all.map((usage) => usage.threads));
    const descriptors = sum(all.map((usage) => usage.descriptors));
    return {
      cpuPercent: Math.round((cpuMs / elapsedMs) * 1000) / 10,
      memoryBytes,
      processes: usages.size,
      ...(threads === undefined ? {} : { threads }),
      ...(descriptors === undefined ? {} : { descriptors }),
    };
  }
}

/** One that is new, or has the pid of another, counts from its start when that was after the last reading. */
function cpuSince(now: Usage, before: Usage | undefined, elapsedMs: number): number {
  if (before !== undefined && before.cpuMs <= now.cpuMs && before.ageMs <= now.ageMs) return now.cpuMs - before.cpuMs;
  return now.ageMs <= elapsedMs ? now.cpuMs : 0;
}

/** A part of the tree is not the tree: when one is unknown, the sum is. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}
