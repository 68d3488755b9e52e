import type { Clock } from '../contract/clock.ts';
import type { EventMap, EventType, ManagerEvent } from '../contract/events.ts';
import type { Journal, StateFact } from '../journal/journal.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { EventLog } from '../state/log.ts';

type Listener = (event: ManagerEvent) => void;

/** So many events of one turn are recorded together. */
const mostUnrecorded = 1000;

export interface BusOptions {
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Hears of a listener that threw, which none should; the others still get the event. */
  readonly onDefect: (fault: unknown) => void;
  readonly journal: Journal | undefined;
}

/**
 * Facts in, in order: appended and reduced at once, delivered after the turn that stated them. So a listener always sees
 * the manager as it is after the whole turn, never in the middle of one. No fact holds a secret, whoever states it.
 */
export class Bus {
  readonly log: EventLog;
  readonly #journal: Journal | undefined;
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  readonly #pending: ManagerEvent[] = [];
  readonly #redactor: Redactor;
  readonly #onDefect: (fault: unknown) => void;
  #reduce: Listener = () => {};

  constructor({ clock, redactor, onDefect, journal }: BusOptions) {
    this.log = new EventLog(journal?.start);
    this.#journal = journal;
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
    // A turn without end must not make the log forget what is not recorded yet.
    if (this.#pending.length % mostUnrecorded === 0) this.#journal?.write(this.log, this.#state);
    return event;
  }

  /** Called between two turns of the mailbox. What is heard is on record before: its number is never given again. */
  deliver(): void {
    if (this.#pending.length > 0) this.#journal?.write(this.log, this.#state);
    for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift()) {
      for (const listener of this.#listeners) this.#tell(listener, event);
    }
  }

  /** What came after `after` and is not in the log any more, or never was, as far as the journal has it; oldest first. */
  async *past(after: number): AsyncGenerator<ManagerEvent, void, undefined> {
    if (this.#journal === undefined) return;
    let cursor = after;
    // While it is read, which may take its time, the log forgets more.
    for (let before = -1; before < cursor && cursor + 1 < this.log.first; ) {
      before = cursor;
      for await (const event of this.#journal.read(cursor)) {
        if (event.seq >= this.log.first) return;
        cursor = event.seq;
        yield event;
      }
    }
  }

  /** What is stated from now on is not recorded. */
  endJournal(): void {
    this.#journal?.close(this.log, this.#state);
  }

  /** `listener` must not throw. */
  listen(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  readonly #state: StateFact = (type, data) => void this.append(type, data);

  #tell(listener: Listener, event: ManagerEvent): void {
    try {
      listener(event);
    } catch (fault) {
      // One that throws at everything would throw at the event about it, for ever.
      if (event.type !== 'manager.defect') this.#onDefect(fault);
    }
  }
}
