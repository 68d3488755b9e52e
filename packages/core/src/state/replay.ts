import type { ManagerEvent } from '../contract/events.ts';
import type { ProcessView } from '../contract/process.ts';
import { processOf } from './describe.ts';
import { initialState, type ProcessState, reduce } from './reducer.ts';
import { viewOf } from './view.ts';

/** How everything stood after an event. */
export interface Snapshot {
  /** `seq` of that event; 0 when there was none. */
  readonly seq: number;
  /** When that was; wall clock, ms since the epoch. */
  readonly at: number;
  /** Absent when the record begins in the middle: then counts may be too low, and what has stated nothing since is missing. */
  readonly manager?: {
    readonly pid: number;
    /** ms since the epoch. */
    readonly since: number;
    /** It has come to its end by itself. */
    readonly closed: boolean;
  };
  readonly processes: readonly ProcessView[];
}

interface Replayed {
  readonly state: ProcessState;
  readonly spawnedAt?: number;
}

/** Makes of events, one after the other, how everything stood; by the same rules as the manager itself. */
export class Replay {
  readonly #processes = new Map<string, Replayed>();
  #manager: Snapshot['manager'];
  #seq = 0;
  #at = 0;

  take(event: ManagerEvent): void {
    this.#seq = event.seq;
    this.#at = event.at;
    switch (event.type) {
      case 'manager.started':
        this.#processes.clear();
        for (const name of event.data.processes) this.#add(name, event.at);
        this.#manager = { pid: event.data.pid, since: event.at, closed: false };
        return;
      case 'manager.closed':
        if (this.#manager !== undefined) this.#manager = { ...this.#manager, closed: true };
        return;
      case 'process.removed':
        this.#processes.delete(event.data.name);
        return;
      case 'process.added':
        this.#add(event.data.name, event.at);
        return;
      default:
        this.#reduce(event);
    }
  }

  /** @param at for how long each has been up; wall clock, ms since the epoch */
  snapshot(at: number): Snapshot {
    const processes = [...this.#processes.values()].map(({ state, spawnedAt }) => {
      const isUp = state.pid !== undefined && spawnedAt !== undefined;
      return viewOf(state, isUp ? Math.max(0, at - spawnedAt) : undefined);
    });
    const manager = this.#manager;
    return { seq: this.#seq, at: this.#at, ...(manager && { manager }), processes };
  }

  #add(name: string, at: number): Replayed {
    const added = { state: initialState(name, 'service', at) };
    this.#processes.set(name, added);
    return added;
  }

  #reduce(event: ManagerEvent): void {
    const name = processOf(event);
    if (name === undefined || !event.type.startsWith('process.')) return;
    const known = this.#processes.get(name) ?? this.#add(name, event.at);
    const state = reduce(known.state, event);
    if (event.type !== 'process.spawned') this.#processes.set(name, { ...known, state });
    else this.#processes.set(name, { state: { ...state, kind: event.data.kind ?? 'service' }, spawnedAt: event.at });
  }
}
