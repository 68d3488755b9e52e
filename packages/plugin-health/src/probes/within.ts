import type { Clock } from '@promptbin/core';
import type { Attempt, CheckFailure } from './probe.ts';

/**
 * Does one attempt, and calls it off after its timeout. Never later than that, unless the work has to clean up first.
 *
 * @param late what to say then
 * @throws what the work throws; `late()`; the reason of the attempt's signal
 */
export async function within<T>(
  clock: Clock,
  { timeoutMs, signal }: Attempt,
  late: () => CheckFailure,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const deadline = new AbortController();
  const timer = clock.after(timeoutMs, () => deadline.abort());
  try {
    return await work(AbortSignal.any([signal, deadline.signal]));
  } catch (fault) {
    signal.throwIfAborted();
    throw deadline.signal.aborted ? late() : fault;
  } finally {
    timer[Symbol.dispose]();
  }
}

/** The same promise, not waited for any longer when `signal` aborts: for work that cannot be called off. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener('abort', abort));
}

/** `2 s`, `0.1 s`. */
export function seconds(ms: number): string {
  return `${Math.round(ms / 10) / 100} s`;
}
