import type { Clock, Verdict } from '@promptbin/core';
import type { Checker } from './checker.ts';
import type { Gate } from './plan.ts';

/** One start of a process, as its gates see it. */
export interface Start {
  readonly clock: Clock;
  /** As configured now, asked before each check: another list begins anew, and undefined lets it pass. */
  gatesNow(): readonly Gate[] | undefined;
  /** Undefined when it cannot be asked, so that nothing can be held against the process. */
  checkerOf(gate: Gate): Checker | undefined;
  /** Hears each failure that differs from the one before. */
  report(message: string): void;
}

/** What there is to say of a start that has come to nothing. */
class Sight {
  readonly #report: (message: string) => void;
  #seen: string | undefined;
  #awaited: string | undefined;

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  saw(message: string): void {
    if (message !== this.#seen) this.#report(message);
    this.#seen = message;
  }

  /** The last check was called off. */
  missed(awaited: string | undefined): void {
    this.#awaited = awaited;
  }

  get message(): string | undefined {
    const [awaited, seen] = [this.#awaited, this.#seen];
    if (awaited === undefined || seen === undefined || awaited === seen) return awaited ?? seen;
    return `${awaited} (before that: ${seen})`;
  }
}

/**
 * Polls each gate until it has passed, one after the other. When `late` aborts or failures reach their threshold, the
 * verdict says what was seen last and what is being waited for.
 *
 * @param gone aborted when nobody is there any more to hold it back
 */
export async function passGates(start: Start, late: AbortSignal, gone: AbortSignal): Promise<Verdict> {
  const signal = AbortSignal.any([late, gone]);
  const sight = new Sight((message) => start.report(message));
  let gates = start.gatesNow() ?? [];
  let asked: Gate | undefined;
  try {
    for (let index = 0; index < gates.length; ) {
      asked = gates[index];
      const outcome = asked && (await passOne(asked, start, gates, sight, signal));
      if (outcome === 'other') {
        gates = start.gatesNow() ?? [];
        index = 0;
      } else if (outcome === undefined) index++;
      else return outcome;
    }
    return { ready: true };
  } catch (fault) {
    if (gone.aborted) return { ready: true };
    if (!late.aborted) throw fault;
    return { ready: false, why: sight.message ?? `no answer by ${asked?.means.kind} yet` };
  }
}

/** Undefined when it has passed; `other` when the gates are not what they were. */
async function passOne(
  gate: Gate,
  { clock, gatesNow, checkerOf }: Start,
  gates: readonly Gate[],
  sight: Sight,
  signal: AbortSignal,
): Promise<Verdict | 'other' | undefined> {
  using checker = checkerOf(gate);
  if (checker === undefined) return undefined;
  await clock.sleep(gate.initialDelayMs, signal);
  let successes = 0;
  let failures = 0;
  for (let isEarly = false, nextAt = 0; ; ) {
    if (gatesNow() !== gates) return 'other';
    if (!isEarly) nextAt = clock.now() + gate.periodMs;
    const failure = await checker.run(signal).catch((fault: unknown) => {
      sight.missed(checker.awaited);
      throw fault;
    });
    successes = failure === undefined ? successes + 1 : 0;
    if (successes === gate.successThreshold) return undefined;
    if (failure === undefined) failures = 0;
    else sight.saw(failure.message);
    // Failures are counted by the period: a process may talk as much as it likes.
    if (failure !== undefined && !isEarly && ++failures === gate.failureThreshold) {
      return { ready: false, why: `${failure.message}, check ${failures} of ${failures}` };
    }
    isEarly = await checker.rest(nextAt, signal);
  }
}
