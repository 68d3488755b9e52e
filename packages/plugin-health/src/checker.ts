import type { Clock, NetworkService } from '@promptbin/core';
import pRetry from 'p-retry';
import { CheckFailure, request } from './http.ts';
import type { Check } from './plan.ts';

/** What the checks of one process need. */
export interface Subject {
  readonly name: string;
  readonly port: number;
  /** Such as `http://127.0.0.1:5000`. */
  readonly origin: string;
  readonly network: NetworkService;
  readonly clock: Clock;
}

/**
 * Checks one incarnation. An answer counts only when the listener belongs to our own tree; who listens is looked up
 * until a check has passed and again after each failure, not at every beat of a healthy process.
 */
export class Checker {
  readonly #subject: Subject;
  #isOwnerKnown = false;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** What is wrong, or undefined. Takes at most twice the timeout. Rejects only when `signal` aborts. */
  async run(check: Check, signal: AbortSignal): Promise<CheckFailure | undefined> {
    try {
      await pRetry(() => this.#attempt(check, signal), {
        retries: check.retries,
        // A failure that has used up the timeout, such as no answer, is not tried again.
        maxRetryTime: check.timeoutMs,
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

  async #attempt(check: Check, signal: AbortSignal): Promise<void> {
    const { origin, clock } = this.#subject;
    const wasKnown = this.#isOwnerKnown;
    this.#isOwnerKnown = false;
    if (!wasKnown) await this.#verifyOwner();
    await request(check, origin, clock, signal);
    this.#isOwnerKnown = true;
  }

  async #verifyOwner(): Promise<void> {
    const { name, port, network } = this.#subject;
    const listener = await network.listener(name, port);
    if (listener.kind === 'nobody') {
      const brief = `nothing listens on port ${port}`;
      throw new CheckFailure(brief, brief);
    }
    if (listener.kind !== 'stranger') return;
    const pid = listener.pid === undefined ? 'another process' : `pid ${listener.pid}`;
    const holder = listener.command === undefined ? pid : `${pid} (${listener.command})`;
    throw new CheckFailure(`port ${port} is held by ${holder}`, `port ${port} is held by ${holder}, not by ${name}`);
  }
}
