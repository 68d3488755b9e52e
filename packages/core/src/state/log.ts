import type { EventMap, EventType, ManagerEvent } from '../contract/events.ts';

/** The newest events of a manager, numbered without gaps. Bounded: `since` says how many are not here. */
export class EventLog {
  readonly #events: ManagerEvent[] = [];
  readonly #capacity: number;
  /** `seq` of the last event of the managers before; 0 when none is known. All that comes after it is of this one. */
  readonly start: number;
  #seq: number;

  constructor(start = 0, capacity = 5000) {
    this.start = start;
    this.#seq = start;
    this.#capacity = capacity;
  }

  /** `seq` of the newest event, or `start`. */
  get cursor(): number {
    return this.#seq;
  }

  /** `seq` of the oldest event that is here, or of the one to come. */
  get first(): number {
    return this.#seq - this.#events.length + 1;
  }

  append<K extends EventType>(type: K, data: EventMap[K], at: number): ManagerEvent<K> {
    this.#seq += 1;
    const event = Object.freeze({ seq: this.#seq, at, type, data: Object.freeze(data) }) as unknown as ManagerEvent<K>;
    this.#events.push(event as unknown as ManagerEvent);
    // In halves, so that forgetting costs nothing per event.
    if (this.#events.length >= this.#capacity * 2) this.#events.splice(0, this.#capacity);
    return event;
  }

  /** Events with a greater `seq`, oldest first, and how many of them are no longer here. */
  since(after: number): { events: readonly ManagerEvent[]; dropped: number } {
    const { first } = this;
    const start = Math.max(0, after + 1 - first);
    return { events: this.#events.slice(start), dropped: Math.max(0, first - 1 - after) };
  }
}
