import type { Clock } from '@promptbin/core';
import type { NotifyMeans, ProbeKind } from './means.ts';
import type { Said } from './notified.ts';
import { CheckFailure, type Probe } from './probe.ts';
import { seconds } from './within.ts';

const defaultMaxAgeMs = 30_000;

/** How often `WATCHDOG=1` must come, where a process is watched by it, ms. */
export function watchdogMsOf({ maxAgeMs = defaultMaxAgeMs }: NotifyMeans): number {
  return maxAgeMs;
}

/** What has come in so far. */
export interface Inbox {
  readonly said: Said;
  /** Calls `listener` after each message that says something new, until disposed of. */
  onChange(listener: () => void): Disposable;
}

/** Good when the process has said that it is ready or, for its liveness, that it is alive. */
export class NotifyProbe implements Probe {
  readonly #means: NotifyMeans;
  readonly #kind: ProbeKind;
  readonly #inbox: Inbox;
  readonly #clock: Clock;
  readonly #since: number;
  readonly #listening: Disposable;
  onNews: (() => void) | undefined;

  constructor(means: NotifyMeans, kind: ProbeKind, inbox: Inbox, clock: Clock) {
    this.#means = means;
    this.#kind = kind;
    this.#inbox = inbox;
    this.#clock = clock;
    this.#since = clock.now();
    this.#listening = inbox.onChange(() => this.onNews?.());
  }

  get told(): string | undefined {
    return this.#inbox.said.status;
  }

  async attempt(): Promise<void> {
    const failure = this.#kind === 'liveness' ? this.#notAlive() : this.#notReady();
    if (failure !== undefined) throw failure;
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  #notReady(): CheckFailure | undefined {
    const { isReady, busy, status } = this.#inbox.said;
    if (isReady) return undefined;
    const { by } = this.#means;
    const yet = by === 'systemd' ? 'no READY=1 yet' : `no line on descriptor ${by} yet`;
    const brief = busy === undefined ? yet : `it says that it is ${busy}`;
    // What it says itself needs no second look.
    const isFinal = busy !== undefined;
    return new CheckFailure(brief, status === undefined ? brief : `${brief}: ${status}`, { isFinal });
  }

  #notAlive(): CheckFailure | undefined {
    const { isBroken, aliveAt = this.#since } = this.#inbox.said;
    if (isBroken) return new CheckFailure('WATCHDOG=trigger', 'it says WATCHDOG=trigger', { isFinal: true });
    // As with systemd, the time of the first one counts from the start of the watch.
    const ageMs = this.#clock.now() - Math.max(aliveAt, this.#since);
    const mostMs = watchdogMsOf(this.#means);
    if (ageMs <= mostMs) return undefined;
    const brief = `no WATCHDOG=1 for ${seconds(ageMs)}`;
    return new CheckFailure(brief, `${brief}, expected every ${seconds(mostMs)}`);
  }
}
