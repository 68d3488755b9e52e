/** The only source of time and timers. Plugins never call `setTimeout`, so that tests can move the time by hand. */
export interface Clock {
  /** Monotonic, ms. Wall-clock jumps do not show here. */
  now(): number;
  /** Wall clock, ms since the epoch: for stamps, never for decisions. */
  wall(): number;
  /** Calls `fn` once after `ms` unless disposed. Keeps the Node process alive: a manager in backoff is still at work. */
  after(ms: number, fn: () => void): Disposable;
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
