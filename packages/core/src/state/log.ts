import type { EventMap, EventType, ManagerEvent } from '../contract/events.ts';

/** The newest events of a manager, numbered without gaps. Bounded: `since` says how many were forgotten. */
export class EventLog {
  readonly #events: ManagerEvent[] = [];
  readonly #capacity: number;
  #seq = 0;

  constructor(capacity = 5000) {
    this.#capacity = capacity;
  }

  /** `seq` of the newest event; 0 before the first. */
  get cursor(): number {
    return this.#seq;
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
    const first = this.#seq - this.#events.length + 1;
    const start = Math.max(0, after + 1 - first);
    return { events: this.#events.slice(start), dropped: Math.max(0, first - 1 - after) };
  }
}
