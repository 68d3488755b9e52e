import type { PluginContext, ProcessView } from '@promptbin/core';
import { judge, type LimitState, unread } from './limits.ts';
import type { Reading } from './meter.ts';
import type { Limit, Limits } from './settings.ts';

interface Watched {
  readonly generation: number;
  readonly limit: Limit;
  readonly state: LimitState;
}

const resources = ['memory', 'cpu'] as const;
type Resource = (typeof resources)[number];

/** Holds readings to the limits that are configured now, and states what is near or over one. Ends nothing. */
export class LimitWatch {
  readonly #emit: PluginContext<unknown, unknown, never>['emit'];
  readonly #watched = new Map<string, Partial<Record<Resource, Watched>>>();

  constructor(emit: PluginContext<unknown, unknown, never>['emit']) {
    this.#emit = emit;
  }

  forget(name: string): void {
    this.#watched.delete(name);
  }

  /** @param at monotonic, ms */
  take({ name, generation }: ProcessView, limits: Limits, reading: Reading, at: number): void {
    const before = this.#watched.get(name);
    const after: Partial<Record<Resource, Watched>> = {};
    for (const resource of resources) {
      const limit = limits[resource];
      if (limit === undefined) continue;
      const value = resource === 'memory' ? reading.memoryBytes : reading.cpuPercent;
      const { state, says } = judge(stateOf(before?.[resource], generation, limit), limit, { at, value });
      after[resource] = { generation, limit, state };
      const { max, forMs } = limit;
      for (const word of says) {
        if (word === 'warning') this.#emit('process.limitWarning', { name, generation, resource, value, max });
        else this.#emit('process.limitExceeded', { name, generation, resource, value, max, forMs });
      }
    }
    this.#watched.set(name, after);
  }
}

/** Another incarnation, or another limit, begins anew. */
function stateOf(before: Watched | undefined, generation: number, { max, forMs }: Limit): LimitState {
  const goesOn = before?.generation === generation && before.limit.max === max && before.limit.forMs === forMs;
  return goesOn ? before.state : unread;
}
