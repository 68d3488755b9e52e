/** Somebody who waits for a line. */
interface Waiter {
  test(line: string): boolean;
  resolve(line: string): void;
}

/** Who waits for a line of output. */
export class LineWaiters {
  readonly #waiters = new Set<Waiter>();

  get size(): number {
    return this.#waiters.size;
  }

  /** Resolves with the first line offered that matches; rejects with the reason of the signal. */
  wait(pattern: string | RegExp, signal: AbortSignal): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const waiter = { test: matcher(pattern), resolve };
    const abort = (): void => {
      this.#waiters.delete(waiter);
      reject(signal.reason);
    };
    if (signal.aborted) {
      abort();
      return promise;
    }
    this.#waiters.add(waiter);
    signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }

  offer(line: string): void {
    for (const waiter of this.#waiters) {
      if (!waiter.test(line)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(line);
    }
  }
}

function matcher(pattern: string | RegExp): (line: string) => boolean {
  if (typeof pattern === 'string') return (line) => line.includes(pattern);
  const own = new RegExp(pattern);
  return (line) => {
    // With the flags g and y a RegExp goes on where it stopped last time.
    own.lastIndex = 0;
    return own.test(line);
  };
}
