import { type Clock, systemClock } from '@promptbin/core';
import { Checker } from '../src/checker.ts';
import type { Check } from '../src/plan.ts';
import { type Attempt, CheckFailure, type Probe } from '../src/probes/probe.ts';

const means = {
  kind: 'http',
  path: '/health',
  method: 'GET',
  headers: {},
  status: [{ from: 200, to: 299 }],
} as const;
export const check: Check = { means, timeoutMs: 10_000, retries: 0, initialDelayMs: 0, successThreshold: 1 };
export const never: AbortSignal = new AbortController().signal;

/** Good when undefined, else what is wrong; a function may take its time. */
export type Answer = string | undefined | ((attempt: Attempt) => Promise<void>);

export interface ScriptedProbe extends Probe {
  /** How often it has been asked. */
  readonly asked: number;
  readonly disposed: boolean;
  told?: string | undefined;
  awaited?: (ms: number) => string;
}

/** Answers as told, one answer for each attempt; the last one stays. */
export function scriptedProbe(...answers: readonly Answer[]): ScriptedProbe {
  let asked = 0;
  let disposed = false;
  return {
    get asked() {
      return asked;
    },
    get disposed() {
      return disposed;
    },
    async attempt(attempt) {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked++;
      if (typeof answer === 'function') await answer(attempt);
      else if (answer !== undefined) throw new CheckFailure(answer, `the answer was ${answer}`);
    },
    [Symbol.dispose]() {
      disposed = true;
    },
  };
}

export function checkerOf(probe: Probe, clock: Clock = systemClock, of: Check = check): Checker {
  return new Checker(probe, of, clock, () => {});
}
