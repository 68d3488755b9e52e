import type { Clock, LockView, PromptbinError } from '@promptbin/core';
import { calledOff, timedOut, unwritable } from './faults.ts';

/** How long somebody waits for a lock. */
export class Patience implements Disposable {
  readonly signal: AbortSignal;
  readonly #timeoutMs: number;
  readonly #tooLong = new AbortController();
  readonly #timer: Disposable | undefined;

  /** @param timeoutMs `Infinity`: only the signals end it */
  constructor(clock: Clock, timeoutMs: number, signals: readonly AbortSignal[]) {
    this.#timeoutMs = timeoutMs;
    this.signal = AbortSignal.any([this.#tooLong.signal, ...signals]);
    if (timeoutMs !== Number.POSITIVE_INFINITY) this.#timer = clock.after(timeoutMs, () => this.#tooLong.abort());
  }

  /** What the one who waited is told: `fault` came of the file system if not of the signal. */
  explain(fault: unknown, obstacle: LockView): PromptbinError {
    if (!this.signal.aborted || fault !== this.signal.reason) return unwritable(obstacle.path, fault);
    if (fault === this.#tooLong.signal.reason) return timedOut(obstacle, this.#timeoutMs);
    return calledOff(obstacle, fault);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}
