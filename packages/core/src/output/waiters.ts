/** A line, or what may become one, that fits what somebody waits for. */
export interface NumberedLine {
  readonly text: string;
  readonly seq: number;
}

/** Somebody who waits for a line. */
interface Waiter {
  fits(line: NumberedLine): boolean;
  resolve(line: NumberedLine): void;
}

/** Who waits for a line of output. */
export class LineWaiters {
  readonly #waiters = new Set<Waiter>();

  get size(): number {
    return this.#waiters.size;
  }

  /** Resolves with the first line offered that fits; rejects with the reason of the signal. */
  wait(fits: Waiter['fits'], signal: AbortSignal): Promise<NumberedLine> {
    const { promise, resolve, reject } = Promise.withResolvers<NumberedLine>();
    const waiter = { fits, resolve };
    const abort = (): void => {
      this.#waiters.delete(waiter);
      reject(signal.reason);
    };
    this.#waiters.add(waiter);
    signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }

  offer(line: NumberedLine): void {
    for (const waiter of this.#waiters) {
      if (!waiter.fits(line)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(line);
    }
  }
}

/** What is waited for in a line: a text, a pattern, or a test of one's own, which must not throw. */
export type LineMatch = string | RegExp | ((text: string) => boolean);

/** Tests lines for what is waited for; one whose `seq` is not greater than `after` does not fit. */
export function lineTest(pattern: LineMatch, after: number): Waiter['fits'] {
  const matches = matcher(pattern);
  return ({ text, seq }) => seq > after && matches(text);
}

function matcher(pattern: LineMatch): (text: string) => boolean {
  if (typeof pattern === 'function') return pattern;
  if (typeof pattern === 'string') return (text) => text.includes(pattern);
  const own = new RegExp(pattern);
  return (text) => {
    // With the flags g and y a RegExp goes on where it stopped last time.
    own.lastIndex = 0;
    return own.test(text);
  };
}
