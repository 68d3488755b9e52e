import type { Cause, Decision, ExitInfo, ProcessView, ResolvedPort } from '@promptbin/core';
import type { Group } from './groups/group.ts';
import { decide, type Policy, settles } from './policy.ts';
import { triesNextPort } from './port/next.ts';

export interface DeciderParts {
  policyOf(process: ProcessView): Policy;
  groupOf(name: string): Group | undefined;
  portOf(name: string): ResolvedPort | undefined;
  /** Monotonic, ms. */
  now(): number;
  /** In [0, 1). */
  random(): number;
}

/** What is remembered from one exit to the next, and the decisions that follow from it. */
export class Decider {
  readonly #parts: DeciderParts;
  /** Restarts of a process since it was last stable. */
  readonly #streaks = new Map<string, number>();
  /** When restarts were decided: of one process or, as members have one budget, of a group. */
  readonly #budgets = new Map<string, readonly number[]>();
  readonly #portTries = new Map<string, number>();
  readonly #givenUp = new Map<string, Cause>();

  constructor(parts: DeciderParts) {
    this.#parts = parts;
  }

  decide(process: ProcessView, exit: ExitInfo): Decision {
    const { name } = process;
    const streak = this.#streaks.get(name) ?? 0;
    const portTries = this.#portTries.get(name) ?? 0;
    if (triesNextPort(exit, process, this.#parts.portOf(name), portTries)) {
      this.#portTries.set(name, portTries + 1);
      return { action: 'retry', delayMs: 0, attempt: streak, port: 'next' };
    }
    if (exit.cause.code !== 'portInUse') this.#portTries.delete(name);

    const group = this.#parts.groupOf(name);
    const own = this.#parts.policyOf(process);
    const down = group && this.#givenUp.get(group.name);
    if (down !== undefined && !settles(own, exit)) return { action: 'giveUp', cause: down };
    const policy = group === undefined ? own : { ...own, maxRestarts: group.maxRestarts, windowMs: group.window };
    const budget = budgetOf(name, group);
    const before = { streak, restartedAt: this.#budgets.get(budget) ?? [] };
    // A job is ready only when it has completed: that it ran is what there is to go by.
    const lived = process.kind === 'job' ? { ...exit, readyMs: exit.uptimeMs } : exit;
    const { decision, history } = decide(policy, before, lived, this.#parts.now(), this.#parts.random());
    this.#streaks.set(name, history.streak);
    this.#budgets.set(budget, history.restartedAt);
    return group === undefined ? decision : this.#escalated(decision, group, name);
  }

  /** Why the whole group has been given up; undefined when it has not. */
  givenUp(group: string): Cause | undefined {
    return this.#givenUp.get(group);
  }

  /** It begins anew, with a whole budget, and its group with it. */
  forget(name: string): void {
    const group = this.#parts.groupOf(name);
    this.#streaks.delete(name);
    this.#portTries.delete(name);
    this.#budgets.delete(budgetOf(name, group));
    if (group !== undefined) this.#givenUp.delete(group.name);
  }

  /** The budget that a member has used up is that of all. */
  #escalated(decision: Decision, group: Group, name: string): Decision {
    if (decision.action !== 'giveUp' || decision.cause.code !== 'crashLoop') return decision;
    const { message, evidence } = decision.cause;
    const [last, ...lines] = evidence;
    const cause: Cause = {
      ...decision.cause,
      message: `group "${group.name}" is given up: ${message}`,
      evidence: [`${name}: ${last}`, ...lines],
    };
    this.#givenUp.set(group.name, cause);
    return { action: 'giveUp', cause };
  }
}

function budgetOf(name: string, group: Group | undefined): string {
  return group === undefined ? `process ${name}` : `group ${group.name}`;
}
