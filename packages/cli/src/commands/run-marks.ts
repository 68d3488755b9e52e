import type { EventsResult, OutputLine } from '@promptbin/core';
import type { ManagerConnection } from '../control/client.ts';
import { ask } from './call.ts';

/** Tells where one run of a process ends in its output, and the next begins. */
export class RunMarks {
  readonly #connection: ManagerConnection;
  readonly #runs = new Map<string, number>();
  readonly #pids = new Map<string, number>();

  constructor(connection: ManagerConnection) {
    this.#connection = connection;
  }

  /** What stands between the last line of the process and this one: `── web run 2, pid 4411 ──`, or nothing. */
  async before({ name, generation }: OutputLine): Promise<string | undefined> {
    const last = this.#runs.get(name);
    this.#runs.set(name, generation);
    if (last === undefined || last === generation) return undefined;
    const pid = await this.#pidOf(name, generation);
    return `── ${name} run ${generation}${pid === undefined ? '' : `, pid ${pid}`} ──`;
  }

  /** Undefined when its start is no longer among the events that are kept. */
  async #pidOf(name: string, generation: number): Promise<number | undefined> {
    const key = `${name} ${generation}`;
    if (!this.#pids.has(key)) {
      const { events } = await ask<EventsResult>(this.#connection, 'event.list', { name, limit: 500 });
      for (const { type, data } of events) {
        if (type === 'process.spawned') this.#pids.set(`${name} ${data.generation}`, Number(data.pid));
      }
    }
    return this.#pids.get(key);
  }
}
