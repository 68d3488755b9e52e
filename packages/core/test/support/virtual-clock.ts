import type { Clock } from '@promptbin/core';

interface Timer {
  readonly at: number;
  /** Of two for the same time the older one fires first. */
  readonly order: number;
  /** Undefined once it has been disposed of. */
  fn: (() => void) | undefined;
}

/** A clock that stands still until it is told to go on. Timers fire in order of their time. */
export class VirtualClock implements Clock {
  #now = 0;
  #count = 0;
  #disposed = 0;
  /** A binary heap, the next one first: in a soak there are thousands, most of which never fire. */
  #heap: Timer[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return Date.UTC(2026, 0, 1) + this.#now;
  }

  /** How many timers are waiting. */
  get pending(): number {
    return this.#heap.length - this.#disposed;
  }

  after(ms: number, fn: () => void): Disposable {
    this.#count += 1;
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#count, fn };
    this.#push(timer);
    return { [Symbol.dispose]: () => this.#dispose(timer) };
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = this.after(ms, resolve);
    const abort = (): void => {
      timer[Symbol.dispose]();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort);
    await promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Moves the time on and lets promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#next();
      if (next === undefined || next.at > end) break;
      this.#pop();
      this.#now = Math.max(this.#now, next.at);
      const { fn } = next;
      next.fn = undefined;
      fn?.();
    }
    this.#now = end;
  }

  /** The first that is still wanted. */
  #next(): Timer | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].fn === undefined) {
      this.#pop();
      this.#disposed -= 1;
    }
    return this.#heap[0];
  }

  #dispose(timer: Timer): void {
    if (timer.fn === undefined) return;
    timer.fn = undefined;
    this.#disposed += 1;
    if (this.#disposed < 1000 || this.#disposed < this.#heap.length / 2) return;
    // What is in order is a heap.
    this.#heap = this.#heap.filter(({ fn }) => fn !== undefined).toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#disposed = 0;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(timer, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = timer;
  }

  /** Takes the first one out. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      const child = one !== undefined && other !== undefined && isBefore(other, one) ? left + 1 : left;
      const below = heap[child];
      if (below === undefined || !isBefore(below, last)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
  }
}

const isBefore = (a: Timer, b: Timer): boolean => (a.at === b.at ? a.order < b.order : a.at < b.at);

/** Lets every promise that can settle now do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
