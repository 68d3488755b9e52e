import type { Clock, EventMap, ProcessView } from '@promptbin/core';
import pidusage from 'pidusage';

/** What the sampler needs of the manager. */
export interface SampleSource {
  readonly clock: Clock;
  processes(): readonly ProcessView[];
  tree(name: string): Promise<readonly number[]>;
  emit(sample: EventMap['process.sample']): void;
}

/** Takes CPU and memory of all process trees, one reading for all of them, and sleeps while nothing is up. */
export class Sampler {
  readonly #source: SampleSource;
  readonly #periodMs: number;
  readonly #signal: AbortSignal;
  /** Generations that have been read before: CPU is a difference of two readings, the first one tells 0. */
  readonly #read = new Map<string, number>();
  #isAwake = false;

  constructor(source: SampleSource, periodMs: number, signal: AbortSignal) {
    this.#source = source;
    this.#periodMs = periodMs;
    this.#signal = signal;
  }

  /** Goes on until nothing is up. Safe to call at any time. */
  async wake(): Promise<void> {
    if (this.#isAwake) return;
    this.#isAwake = true;
    try {
      while (!this.#signal.aborted && this.#up().length > 0) {
        // What cannot be read now is left out; the next sample may succeed.
        await this.#sample().catch(() => undefined);
        await this.#source.clock.sleep(this.#periodMs, this.#signal);
      }
    } catch {
      // Only the sleep rejects, when the signal aborts it.
    } finally {
      this.#isAwake = false;
    }
  }

  #up(): readonly ProcessView[] {
    return this.#source.processes().filter(({ pid }) => pid !== undefined);
  }

  async #sample(): Promise<void> {
    const trees = await Promise.all(
      this.#up().map(async ({ name, generation }) => ({ name, generation, pids: await this.#source.tree(name) })),
    );
    const usage = await readUsage(
      trees.flatMap(({ pids }) => pids),
      this.#periodMs,
    );
    for (const { name, generation, pids } of trees) {
      const readings = pids.flatMap((pid) => usage[pid] ?? []);
      if (readings.length === 0) continue;
      const isFirst = this.#read.get(name) !== generation;
      this.#read.set(name, generation);
      if (isFirst) continue;
      const cpuPercent = readings.reduce((sum, { cpu }) => sum + cpu, 0);
      const memoryBytes = readings.reduce((sum, { memory }) => sum + memory, 0);
      this.#source.emit({
        name,
        generation,
        cpuPercent: Math.round(cpuPercent * 10) / 10,
        memoryBytes,
        processes: readings.length,
      });
    }
  }
}

type Usage = Readonly<Record<number, { readonly cpu: number; readonly memory: number } | null>>;

/** Pids that are gone by now are left out. */
async function readUsage(pids: readonly number[], periodMs: number): Promise<Usage> {
  if (pids.length === 0) return {};
  // pidusage forgets a pid after `maxage`; forgotten between two samples, its CPU would always be 0.
  const maxage = Math.max(60_000, 3 * periodMs);
  return await pidusage([...pids], { maxage });
}
