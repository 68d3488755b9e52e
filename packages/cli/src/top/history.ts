import type { ManagerEvent } from '@promptbin/core';

/** Of each process: five minutes, where they are sampled every 5 s. */
const most = 60;

interface Series {
  readonly cpuPercent: readonly number[];
  readonly memoryBytes: readonly number[];
}

const none: Series = { cpuPercent: [], memoryBytes: [] };

/** What processes have needed lately, by their samples. */
export class SampleHistory {
  readonly #series = new Map<string, Series>();

  take({ type, data }: ManagerEvent): void {
    if (type !== 'process.sample') return;
    const { cpuPercent, memoryBytes } = this.of(data.name);
    this.#series.set(data.name, {
      cpuPercent: [...cpuPercent, data.cpuPercent].slice(-most),
      memoryBytes: [...memoryBytes, data.memoryBytes].slice(-most),
    });
  }

  /** Oldest first. */
  of(name: string): Series {
    return this.#series.get(name) ?? none;
  }
}
