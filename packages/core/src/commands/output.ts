import type { Call } from '../contract/commands.ts';
import type { ManagedProcess } from '../contract/manager.ts';
import type { OutputResult } from '../contract/results.ts';
import { plural } from '../state/words.ts';
import type { OutputInput } from './specs.ts';

/**
 * Answers as soon as one of `processes` has written a line that the caller does not know of, after `waitSec` at the latest.
 *
 * @param later calls back after so many ms
 * @throws the reason of the call's signal
 */
export async function awaitOutput(
  processes: readonly ManagedProcess[],
  { known, waitSec }: OutputInput,
  { signal }: Pick<Call, 'signal'>,
  later: (ms: number, fn: () => void) => Disposable,
): Promise<OutputResult> {
  const cursorOf = (process: ManagedProcess): number => process.logs({ tail: 1 }).cursor;
  const isNews = (process: ManagedProcess): boolean => cursorOf(process) !== known[process.name];
  if (!processes.some(isNews)) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    using disposer = new DisposableStack();
    for (const process of processes) {
      disposer.use(
        process.onOutput(() => {
          if (isNews(process)) resolve();
        }),
      );
    }
    disposer.use(later(waitSec * 1000, resolve));
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    disposer.defer(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
    await promise;
  }
  const changed = processes.filter(isNews).map(({ name }) => name);
  return {
    summary: `${plural(changed.length, 'process has', 'processes have')} written more`,
    changed,
    cursors: Object.fromEntries(processes.map((process) => [process.name, cursorOf(process)])),
  };
}
