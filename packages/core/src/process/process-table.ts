import { setImmediate as nextIteration, setTimeout as sleep } from 'node:timers/promises';
import { readStamp, type Stamp } from './env-stamp.ts';
import { type ProcessEntry, readPids, readProcess } from './procfs.ts';

export interface TableEntry extends ProcessEntry {
  readonly stamp?: Stamp;
}

/** Every process of the machine at one moment, by pid. */
export type Snapshot = ReadonlyMap<number, TableEntry>;

/** Sweeps of `/proc`, shared by everybody who asks at about the same time: stopping 100 processes costs a few, not 200. */
export class ProcessTable {
  #next: Promise<Snapshot> | undefined;
  /** Monotonic, ms: sweeps take at most half of the time, however many processes there are. */
  #notBefore = 0;

  /** A snapshot taken after this call, within some ms. */
  sweep(): Promise<Snapshot> {
    this.#next ??= this.#sweepSoon();
    return this.#next;
  }

  async #sweepSoon(): Promise<Snapshot> {
    const waitMs = this.#notBefore - performance.now();
    await (waitMs > 1 ? sleep(waitMs) : nextIteration());
    this.#next = undefined;
    const startedAt = performance.now();
    const snapshot = takeSnapshot();
    const endedAt = performance.now();
    this.#notBefore = endedAt + (endedAt - startedAt);
    return snapshot;
  }
}

/** The one of this Node process: everybody who asks shares it. */
export const processTable: ProcessTable = new ProcessTable();

function takeSnapshot(): Snapshot {
  const entries = new Map<number, TableEntry>();
  for (const pid of readPids()) {
    const entry = readProcess(pid);
    if (entry === undefined) continue;
    const stamp = readStamp(pid);
    entries.set(pid, stamp === undefined ? entry : { ...entry, stamp });
  }
  return entries;
}
