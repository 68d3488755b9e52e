import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import pRetry from 'p-retry';

/** How often it is tried without being told of a change: the holder may end without removing anything, ms. */
const retry = { minTimeout: 5, maxTimeout: 50, factor: 1.5, randomize: true } as const;

/**
 * Tries for a marker until it is got: whenever its name comes or goes, and from time to time, for not every file system
 * tells, and none of a holder that is killed. What is tried takes one turn.
 *
 * @throws what `attempt` throws; the reason of the signal
 */
export async function contest<T>(file: string, attempt: () => T | undefined, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const first = attempt();
  if (first !== undefined) return first;

  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const ended = new AbortController();
  const tryNow = (): void => {
    if (ended.signal.aborted || signal.aborted) return;
    try {
      const gained = attempt();
      if (gained === undefined) return;
      resolve(gained);
    } catch (fault) {
      reject(fault);
    }
    ended.abort();
  };
  using _ = watchName(file, tryNow);
  const tries = pRetry(
    () => {
      tryNow();
      if (!ended.signal.aborted) throw new Error(`${file} is there`);
    },
    { ...retry, retries: Number.POSITIVE_INFINITY, signal: AbortSignal.any([signal, ended.signal]) },
  );
  tries.catch(reject);
  return await promise;
}

/** By its folder, for the marker itself goes. Without a watch, as at the limit of inotify, the retries are left. */
function watchName(file: string, changed: () => void): Disposable {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(file), (_event, name) => {
      if (name === basename(file)) changed();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // The same.
  }
  return { [Symbol.dispose]: () => watcher?.close() };
}
