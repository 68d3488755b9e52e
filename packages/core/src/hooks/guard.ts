import type { FullTap } from 'tapable';
import type { Clock } from '../contract/clock.ts';
import type { EventMap } from '../contract/events.ts';
import type { HookName } from '../contract/hooks.ts';
import { type KnownCode, messageOf, PromptbinError } from '../errors/error.ts';
import { TimeUp, within } from '../kernel/within.ts';
import { answerChecks } from './answers.ts';

type Tap = (...args: unknown[]) => unknown;

/** Waiting for a tap, ms. A sync tap cannot be cut short: one that took longer is blamed and its answer left out. */
const budgetsMs: Readonly<Record<HookName, number>> = {
  configure: 10_000,
  gate: 5000,
  port: 5000,
  plan: 1000,
  env: 5000,
  readiness: 1000,
  output: Number.POSITIVE_INFINITY,
  decide: 1000,
  diagnose: 1000,
  beforeStop: 5000,
  event: 1000,
  closing: 2000,
};

/** So many faults within so long, and a plugin is not asked again. */
const muting = { faults: 5, windowMs: 60_000 };

export interface GuardOptions {
  readonly clock: Clock;
  /** Overrides every finite budget, ms. */
  readonly budgetMs?: number | undefined;
  report<K extends 'plugin.fault' | 'plugin.muted'>(type: K, data: EventMap[K]): void;
}

/**
 * Stands between the kernel and every tap: a tap that throws, rejects, hangs or answers nonsense counts as one without
 * an opinion, and its plugin is blamed. After five faults in a minute the plugin is muted.
 */
export class Guard {
  readonly #options: GuardOptions;
  readonly #faults = new Map<string, number[]>();
  readonly #muted = new Set<string>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** What tapable stores instead of the tap. */
  wrap(hook: HookName, tap: FullTap): Tap {
    const plugin = tap.name;
    const fn: Tap = tap.fn as Tap;
    const budgetMs = Math.min(budgetsMs[hook], this.#options.budgetMs ?? Number.POSITIVE_INFINITY);
    if (tap.type === 'promise') return (...args) => this.#callAsync(hook, plugin, fn, args, budgetMs);
    // Lines of output come by the hundred thousand: no clock is read for them.
    const timed = Number.isFinite(budgetMs);
    return (...args) => {
      if (this.#muted.has(plugin)) return undefined;
      try {
        const began = timed ? this.#options.clock.now() : 0;
        const answer = fn(...args);
        const tookMs = timed ? this.#options.clock.now() - began : 0;
        if (isThenable(answer)) {
          answer.then(undefined, () => {});
          throw new Nonsense('returned a promise from a tap that is not awaited; use tapPromise');
        }
        if (tookMs > budgetMs) throw new TimeUp(budgetMs);
        return this.#checked(hook, answer);
      } catch (fault) {
        return this.#blameTap(hook, plugin, fault);
      }
    };
  }

  /** Notes a fault of a plugin anywhere; mutes the plugin when it is one too many. */
  blame(plugin: string, hook: string, code: KnownCode, message: string): void {
    const now = this.#options.clock.now();
    const recent = (this.#faults.get(plugin) ?? []).filter((at) => now - at < muting.windowMs);
    recent.push(now);
    this.#faults.set(plugin, recent);
    this.#options.report('plugin.fault', { plugin, hook, code, message });
    if (recent.length < muting.faults || this.#muted.has(plugin)) return;
    this.#muted.add(plugin);
    this.#options.report('plugin.muted', { plugin, faults: recent.length, windowMs: muting.windowMs });
  }

  /** Another comes in the place of the plugin: it begins without faults, and is heard again. */
  forget(plugin: string): void {
    this.#faults.delete(plugin);
    this.#muted.delete(plugin);
  }

  async #callAsync(hook: HookName, plugin: string, fn: Tap, args: unknown[], budgetMs: number): Promise<unknown> {
    if (this.#muted.has(plugin)) return undefined;
    try {
      return this.#checked(hook, await within(this.#options.clock, budgetMs, async () => fn(...args)));
    } catch (fault) {
      return this.#blameTap(hook, plugin, fault);
    }
  }

  #checked(hook: HookName, answer: unknown): unknown {
    if (answer === undefined) return undefined;
    const check = answerChecks[hook];
    // Answers of notifying hooks are dropped here: tapable would take one for the end of the series.
    if (check === undefined) return undefined;
    const mistake = check(answer);
    if (mistake !== undefined) throw new Nonsense(mistake);
    return answer;
  }

  #blameTap(hook: HookName, plugin: string, fault: unknown): undefined {
    const code = codeOf(fault);
    const message = `Plugin "${plugin}", hook "${hook}": ${messageOf(fault)}.`;
    this.blame(plugin, hook, code, message);
    if (hook === 'configure') {
      throw new PromptbinError('PB_CONFIGURE_FAILED', message, { plugin, cause: fault });
    }
    return undefined;
  }
}

class Nonsense extends Error {}

function codeOf(fault: unknown): KnownCode {
  if (fault instanceof TimeUp) return 'PB_PLUGIN_TIMEOUT';
  if (fault instanceof Nonsense) return 'PB_PLUGIN_NONSENSE';
  return 'PB_PLUGIN_THREW';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
