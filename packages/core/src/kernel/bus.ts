import type { Clock } from '../contract/clock.ts';
import type { EventMap, EventType, ManagerEvent } from '../contract/events.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { EventLog } from '../state/log.ts';

type Listener = (event: ManagerEvent) => void;

/**
 * Facts in, in order: appended and reduced at once, delivered after the turn that stated them. So a listener always sees
 * the manager as it is after the whole turn, never in the middle of one. No fact holds a secret, whoever states it.
 */
export class Bus {
  readonly log: EventLog = new EventLog();
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  readonly #pending: ManagerEvent[] = [];
  readonly #redactor: Redactor;
  readonly #onDefect: (fault: unknown) => void;
  #reduce: Listener = () => {};

  /** @param onDefect hears of a listener that threw, which none should; the others still get the event */
  constructor(clock: Clock, redactor: Redactor, onDefect: (fault: unknown) => void) {
    this.#clock = clock;
    this.#redactor = redactor;
    this.#onDefect = onDefect;
  }

  /** Sets what folds each event into the state, before anyone hears of it. */
  reduceWith(reduce: Listener): void {
    this.#reduce = reduce;
  }

  append<K extends EventType>(type: K, data: EventMap[K]): ManagerEvent<K> {
    const event = this.log.append(type, this.#redactor.redactAll(data), this.#clock.wall());
    this.#reduce(event as unknown as ManagerEvent);
    this.#pending.push(event as unknown as ManagerEvent);
    return event;
  }

  /** Called between two turns of the mailbox. */
  deliver(): void {
    for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift()) {
      for (const listener of this.#listeners) this.#tell(listener, event);
    }
  }

  /** `listener` must not throw. */
  listen(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #tell(listener: Listener, event: ManagerEvent): void {
    try {
      listener(event);
    } catch (fault) {
      // One that throws at everything would throw at the event about it, for ever.
      if (event.type !== 'manager.defect') this.#onDefect(fault);
    }
  }
}
