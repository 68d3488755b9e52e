import { type ProcessView, summarize } from '@promptbin/core/words';
import { listProcesses } from '../control/settle.ts';
import type { ManagerSource } from '../control/source.ts';

/** When it is first said what is waited for, and again after twice the time, ms. */
const firstMs = 5000;

/** While somebody waits, says what for: after 5 s, 10 s, 20 s and so on, until it is disposed of. */
export function sayProgress(
  source: ManagerSource,
  pendingOf: (views: readonly ProcessView[]) => readonly ProcessView[],
  say: (text: string) => void,
): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const wait = (afterMs: number, sinceMs: number): void => {
    timer = setTimeout(async () => {
      // A manager that has gone is told by whoever waits for it.
      const { processes } = await listProcesses(source).catch(() => ({ processes: [] }));
      const pending = pendingOf(processes);
      if (isOver) return;
      if (pending.length > 0) say(`after ${sinceMs / 1000} s: ${pending.map(summarize).join('; ')}`);
      wait(sinceMs, 2 * sinceMs);
    }, afterMs);
    timer.unref();
  };
  wait(firstMs, firstMs);
  return {
    [Symbol.dispose]() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
