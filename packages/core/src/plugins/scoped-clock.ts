import type { Clock } from '../contract/clock.ts';

/** A clock whose timers end with `signal`: what a plugin has forgotten to take back does not outlive it. */
export function createScopedClock(clock: Clock, signal: AbortSignal): Clock {
  const timers = new Set<Disposable>();
  signal.addEventListener('abort', () => {
    for (const timer of timers) timer[Symbol.dispose]();
  });
  const scoped: Clock = {
    now: () => clock.now(),
    wall: () => clock.wall(),
    after(ms: number, fn: () => void): Disposable {
      if (signal.aborted) return { [Symbol.dispose]: () => undefined };
      const inner = clock.after(ms, () => {
        timers.delete(timer);
        fn();
      });
      const timer = {
        [Symbol.dispose](): void {
          timers.delete(timer);
          inner[Symbol.dispose]();
        },
      };
      timers.add(timer);
      return timer;
    },
    sleep(ms: number, own?: AbortSignal): Promise<void> {
      if (own !== undefined) return clock.sleep(ms, AbortSignal.any([own, signal]));
      // Who passes no signal expects no rejection, and one that nobody handles would end the manager: it never goes on.
      return new Promise((resolve) => void scoped.after(ms, resolve));
    },
  };
  return Object.freeze(scoped);
}
