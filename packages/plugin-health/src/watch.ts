import type { Condition, ConditionName } from '@promptbin/core';
import type { Kind } from './plan.ts';
import { begin, count, type Failure, type Moment, type Rules, type Tally } from './tally.ts';
import { isNews, sayingOf } from './verdict.ts';

export const conditionOf: Readonly<Record<Kind, ConditionName>> = { readiness: 'ready', liveness: 'healthy' };

/** How one check has ended. */
export interface Outcome {
  readonly at: Moment;
  /** Absent when it was good. */
  readonly failure: Failure | undefined;
  /** What the process says of itself. */
  readonly told: string | undefined;
}

/** Judges the checks of one kind of an incarnation. */
export class Watch {
  readonly condition: ConditionName;
  readonly #kind: Kind;
  readonly #rules: Rules;
  #tally: Tally;
  #told: string | undefined;
  #isAnew: boolean;

  /**
   * @param known what holds already: it goes on from there
   * @param isAnew what has been said was seen by other means, so that the first check is news in any case
   */
  constructor(kind: Kind, rules: Rules, known: Readonly<Record<ConditionName, Condition>>, isAnew: boolean) {
    this.#kind = kind;
    this.#rules = rules;
    this.#isAnew = isAnew;
    this.condition = conditionOf[kind];
    this.#tally = begin(known[this.condition]);
  }

  /** What is to be said now; undefined when it is no news. */
  take({ at, failure, told }: Outcome): Omit<Condition, 'since'> | undefined {
    const before = this.#tally;
    this.#tally = count(before, this.#rules, at, failure);
    const isSaid = this.#isAnew || isNews(before, this.#tally);
    this.#isAnew = false;
    const news = isSaid ? sayingOf(this.#kind, before, this.#tally, this.#rules.flapping) : undefined;
    // While it fails, what is wrong is worth more than what it says.
    if (this.#kind === 'liveness' || this.#tally.verdict !== undefined) return news;
    const message = told === undefined ? {} : { message: told };
    const isTold = told !== this.#told;
    this.#told = told;
    if (news !== undefined) return { ...news, ...message };
    return isTold ? { status: this.#tally.status, reason: 'StatusText', ...message } : undefined;
  }
}
