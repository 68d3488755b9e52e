import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@promptbin/core';

export interface EventLoopDelay {
  readonly quantile: '0.5' | '0.99' | '1';
  readonly seconds: number;
}

const resolutionMs = 20;

/** Nobody has looked for so long, ms: then it is no longer measured. */
const forgottenAfterMs = 120_000;

/**
 * Measures how late the event loop is, from one look to the next. It takes a timer that fires all the time, so nothing is
 * measured before the first look, which tells nothing, nor when the last one is long ago.
 */
export class EventLoopMeter implements Disposable {
  readonly #clock: Pick<Clock, 'after'>;
  #histogram: ReturnType<typeof monitorEventLoopDelay> | undefined;
  #end: Disposable | undefined;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  look(): readonly EventLoopDelay[] {
    this.#end?.[Symbol.dispose]();
    this.#end = this.#clock.after(forgottenAfterMs, () => this[Symbol.dispose]());
    if (this.#histogram === undefined) {
      this.#histogram = monitorEventLoopDelay({ resolution: resolutionMs });
      this.#histogram.enable();
      return [];
    }
    const histogram = this.#histogram;
    if (histogram.count === 0) return [];
    // What is measured is the time between two ticks: it is late by what is more than the resolution.
    const late = (ns: number): number => Math.max(0, ns / 1e9 - resolutionMs / 1000);
    const delays: readonly EventLoopDelay[] = [
      { quantile: '0.5', seconds: late(histogram.percentile(50)) },
      { quantile: '0.99', seconds: late(histogram.percentile(99)) },
      { quantile: '1', seconds: late(histogram.max) },
    ];
    histogram.reset();
    return delays;
  }

  [Symbol.dispose](): void {
    this.#end?.[Symbol.dispose]();
    this.#end = undefined;
    this.#histogram?.disable();
    this.#histogram = undefined;
  }
}
