import type { Clock } from '@promptbin/core';
import pRetry from 'p-retry';
import type { Check } from './plan.ts';
import { CheckFailure, type Probe } from './probes/probe.ts';

/** A retry is given at least this part of the timeout: with less it would only hide what was seen before. */
const leastShare = 1 / 4;

/** From one check to the next at least, ms, however much news there is. */
const shortestRestMs = 10;

/** A check that is called off earlier than that might have been answered in no time, ms. */
const leastTellingMs = 100;

/** Hears of each check that has come to an end by itself. */
export type Heard = (ms: number, passed: boolean) => void;

/** Asks one incarnation one question, again and again, and never twice at the same time. */
export class Checker implements Disposable {
  readonly #probe: Probe;
  readonly #check: Check;
  readonly #clock: Clock;
  readonly #heard: Heard;
  #news = new AbortController();
  /** When the check began that is under way or was called off; monotonic, ms. */
  #startedAt: number | undefined;

  constructor(probe: Probe, check: Check, clock: Clock, heard: Heard) {
    this.#probe = probe;
    this.#check = check;
    this.#clock = clock;
    this.#heard = heard;
    probe.onNews = () => this.#news.abort();
  }

  /** What the process says of itself, for people. */
  get told(): string | undefined {
    return this.#probe.told;
  }

  /** What a check has waited for that was called off just now; undefined when it had hardly begun, or asked nobody yet. */
  get awaited(): string | undefined {
    const ms = this.#clock.now() - (this.#startedAt ?? Number.POSITIVE_INFINITY);
    return ms < leastTellingMs ? undefined : this.#probe.awaited?.(ms);
  }

  /** What is wrong, or undefined; within the timeout, retries included. Rejects only when `signal` aborts. */
  async run(signal: AbortSignal): Promise<CheckFailure | undefined> {
    const startedAt = this.#clock.now();
    this.#startedAt = startedAt;
    this.#news = new AbortController();
    const failure = await this.#ask(startedAt + this.#check.timeoutMs, signal);
    this.#startedAt = undefined;
    this.#heard(this.#clock.now() - startedAt, failure === undefined);
    return failure;
  }

  /** Waits until it is time for the next check. True when there is news before that, so that it is worth asking now. */
  async rest(until: number, signal: AbortSignal): Promise<boolean> {
    const leftMs = (): number => Math.max(0, until - this.#clock.now());
    await this.#clock.sleep(Math.min(leftMs(), shortestRestMs), signal);
    const news = this.#news.signal;
    if (!news.aborted) {
      await this.#clock.sleep(leftMs(), AbortSignal.any([news, signal])).catch(() => signal.throwIfAborted());
    }
    return news.aborted && leftMs() > 0;
  }

  async #ask(deadline: number, signal: AbortSignal): Promise<CheckFailure | undefined> {
    const { timeoutMs, retries } = this.#check;
    const leftMs = (): number => Math.ceil(deadline - this.#clock.now());
    try {
      await pRetry((number) => this.#probe.attempt({ timeoutMs: number === 1 ? timeoutMs : leftMs(), signal }), {
        retries,
        shouldRetry: ({ error, retryDelay }) =>
          !(error instanceof CheckFailure && error.isFinal) && leftMs() - retryDelay >= timeoutMs * leastShare,
        minTimeout: 50,
        maxTimeout: 500,
        randomize: true,
        unref: true,
        signal,
      });
      return undefined;
    } catch (fault) {
      signal.throwIfAborted();
      if (fault instanceof CheckFailure) return fault;
      const message = fault instanceof Error ? fault.message : String(fault);
      return new CheckFailure('the check itself failed', `the check itself failed: ${message}`);
    }
  }

  [Symbol.dispose](): void {
    this.#probe[Symbol.dispose]();
  }
}
