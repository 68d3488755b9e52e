import type { Reading } from './meter.ts';

/** Of one slot of time. */
export interface HistoryPoint {
  /** When the slot began, monotonic, ms. */
  readonly at: number;
  /** The incarnation that was read last in it. */
  readonly generation: number;
  readonly cpuPercent: number;
  readonly cpuPercentMax: number;
  readonly memoryBytes: number;
  readonly processes: number;
  readonly threads?: number;
  readonly descriptors?: number;
}

export const slotMs = 15_000;
const slots = 240;

/** The last hour of one process, over all its incarnations: 9 KB, however often it is read. */
export class History {
  /** Which slot of all times a place holds, from 1; 0 is none. */
  readonly #slot = new Uint32Array(slots);
  readonly #generation = new Uint32Array(slots);
  readonly #readings = new Uint32Array(slots);
  readonly #cpuSum = new Float32Array(slots);
  readonly #cpuMax = new Float32Array(slots);
  readonly #memoryMax = new Float64Array(slots);
  readonly #processesMax = new Uint32Array(slots);
  /** 0 stands for unknown here and below: nothing that lives has none. */
  readonly #threadsMax = new Uint32Array(slots);
  readonly #descriptorsMax = new Uint32Array(slots);

  /** @param at monotonic, ms */
  add(at: number, generation: number, reading: Reading): void {
    const slot = slotOf(at);
    const place = slot % slots;
    if (this.#slot[place] !== slot) {
      for (const values of this.#values()) values[place] = 0;
      this.#slot[place] = slot;
    }
    this.#generation[place] = generation;
    add(this.#readings, place, 1);
    add(this.#cpuSum, place, reading.cpuPercent);
    raise(this.#cpuMax, place, reading.cpuPercent);
    raise(this.#memoryMax, place, reading.memoryBytes);
    raise(this.#processesMax, place, reading.processes);
    raise(this.#threadsMax, place, reading.threads ?? 0);
    raise(this.#descriptorsMax, place, reading.descriptors ?? 0);
  }

  /** Slots with readings that lie in the last `ms` before `now` at least in part, oldest first. */
  last(ms: number, now: number): readonly HistoryPoint[] {
    const newest = slotOf(now);
    const oldest = Math.max(1, newest - slots + 1, slotOf(now - ms));
    const points: HistoryPoint[] = [];
    for (let slot = oldest; slot <= newest; slot++) {
      if (this.#slot[slot % slots] === slot) points.push(this.#point(slot));
    }
    return points;
  }

  #point(slot: number): HistoryPoint {
    const place = slot % slots;
    const at = (values: Float32Array | Float64Array | Uint32Array): number => values[place] ?? 0;
    const [threads, descriptors] = [at(this.#threadsMax), at(this.#descriptorsMax)];
    return {
      at: (slot - 1) * slotMs,
      generation: at(this.#generation),
      cpuPercent: rounded(at(this.#cpuSum) / at(this.#readings)),
      cpuPercentMax: rounded(at(this.#cpuMax)),
      memoryBytes: at(this.#memoryMax),
      processes: at(this.#processesMax),
      ...(threads === 0 ? {} : { threads }),
      ...(descriptors === 0 ? {} : { descriptors }),
    };
  }

  #values(): readonly (Float32Array | Float64Array | Uint32Array)[] {
    return [
      this.#readings,
      this.#cpuSum,
      this.#cpuMax,
      this.#memoryMax,
      this.#processesMax,
      this.#threadsMax,
      this.#descriptorsMax,
    ];
  }
}

const slotOf = (at: number): number => Math.floor(at / slotMs) + 1;
const rounded = (percent: number): number => Math.round(percent * 10) / 10;

function add(values: Float32Array | Uint32Array, place: number, amount: number): void {
  values[place] = (values[place] ?? 0) + amount;
}

function raise(values: Float32Array | Float64Array | Uint32Array, place: number, value: number): void {
  values[place] = Math.max(values[place] ?? 0, value);
}
