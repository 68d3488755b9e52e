import type { Clock } from '../contract/clock.ts';
import type { EventMap, EventType, ManagerEvent } from '../contract/events.ts';
import { EventLog } from '../state/log.ts';

type Listener = (event: ManagerEvent) => void;

/**
 * Facts in, in order: appended and reduced at once, delivered after the turn that stated them. So a listener always sees
 * the manager as it is after the whole turn, never in the middle of one.
 */
export class Bus {
  readonly log: EventLog = new EventLog();
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  readonly #pending: ManagerEvent[] = [];
  #reduce: Listener = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets what folds each event into the state, before anyone hears of it. */
  reduceWith(reduce: Listener): void {
    this.#reduce = reduce;
  }

  append<K extends EventType>(type: K, data: EventMap[K]): ManagerEvent<K> {
    const event = this.log.append(type, data, this.#clock.wall());
    this.#reduce(event as unknown as ManagerEvent);
    this.#pending.push(event as unknown as ManagerEvent);
    return event;
  }

  /** Called between two turns of the mailbox. */
  deliver(): void {
    for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift()) {
      for (const listener of this.#listeners) listener(event);
    }
  }

  /** `listener` must not throw. */
  listen(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}
