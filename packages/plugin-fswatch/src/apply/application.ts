import type { Call, ProcessView } from '@promptbin/core';
import { describeChange, type Reactions } from '../actions/reactions.ts';
import type { Context } from '../context.ts';
import type { Holds } from '../holds.ts';
import type { Watches } from '../watches.ts';
import { type AppliedProcess, describeOutcome, reportOn } from './report.ts';
import { isAtRest, type Settling } from './settling.ts';
import type { Change, Unapplied } from './unapplied.ts';

/** How often is looked whether a lock is gone, ms. */
const lookAgainMs = 100;

export interface ApplyParts {
  readonly ctx: Context;
  readonly watches: Watches;
  readonly holds: Holds;
  readonly reactions: Reactions;
  readonly unapplied: Unapplied;
  readonly settling: Settling;
}

/** What has become of one process. */
export interface Applied {
  readonly report: AppliedProcess;
  readonly text: string;
  readonly isUp: boolean;
  readonly paths: readonly string[];
}

/** One call of `watch.apply`. */
export class Application implements Disposable {
  readonly #parts: ApplyParts;
  readonly #call: Call;
  readonly #timeoutSec: number;
  readonly #late = new AbortController();
  readonly #timer: Disposable;
  readonly #signal: AbortSignal;

  constructor(parts: ApplyParts, call: Call, timeoutSec: number) {
    this.#parts = parts;
    this.#call = call;
    this.#timeoutSec = timeoutSec;
    this.#timer = parts.ctx.clock.after(timeoutSec * 1000, () => this.#late.abort());
    // Without the plugin nobody would hear of anything any more.
    this.#signal = AbortSignal.any([call.signal, parts.ctx.signal, this.#late.signal]);
  }

  /**
   * Resolves when what follows the edits is done, or the time is over; with undefined when there is nothing to tell.
   *
   * @param isNamed it was asked for: then it is told of in any case, and started when it is down
   * @throws the reason of the call's signal
   */
  async of(name: string, isNamed: boolean): Promise<Applied | undefined> {
    const { ctx, unapplied, settling, reactions } = this.#parts;
    await this.#inTime(this.#untilTold(name));
    const before = ctx.process(name);
    if (before === undefined) return undefined;
    const change = unapplied.of(name, !isAtRest(before));
    const waiting = this.#waiting(name);
    const isSuspended = reactions.isSuspended(name);
    if (change === undefined && waiting === 0 && !isSuspended && !isNamed) return undefined;
    const isStarted = change !== undefined && this.#start(before, change, isNamed);
    if (change !== undefined) {
      const message = `${name}: ${this.#call.caller} waits for what follows its changed files`;
      await this.#inTime(settling.taken(name, message, this.#signal));
      await this.#inTime(settling.settled(name, this.#signal));
      await this.#inTime(reactions.delivered(name, this.#signal));
    }
    const view = ctx.process(name);
    if (view === undefined) return undefined;
    // What has changed while it was waited for is part of it.
    const latest = unapplied.of(name, true) ?? change;
    const replaced = latest?.replaced ?? (isStarted ? before.generation : undefined);
    const total = latest && { ...latest, replaced };
    if (isAtRest(view)) {
      unapplied.forget(name);
      if (change !== undefined) reactions.forgive(name);
    }
    const note = this.#note(view, total, waiting);
    const report = await reportOn(ctx, { view, change: total, note }, this.#call.signal);
    return {
      report,
      text: describeOutcome(view, report),
      isUp: (view.ready || view.phase === 'completed') && waiting === 0 && !reactions.isSuspended(name),
      paths: total?.files.map(({ path }) => path) ?? [],
    };
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  /** That the time is over is no fault. */
  async #inTime(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (fault) {
      if (!this.#late.signal.aborted || this.#call.signal.aborted) throw fault;
    }
  }

  /** Resolves when all that was written has been told, or is held. */
  async #untilTold(name: string): Promise<void> {
    const { ctx, watches, holds } = this.#parts;
    for (;;) {
      await watches.settled([name], this.#signal);
      this.#signal.throwIfAborted();
      if (this.#waiting(name) === 0 || holds.isHeld(name)) return;
      await ctx.clock.sleep(lookAgainMs, this.#signal);
    }
  }

  #waiting(name: string): number {
    return this.#parts.watches.of(name).reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Whether it is down and has to be started: a restart was asked for by its watch. What a person has stopped stays so unless it is named. */
  #start(view: ProcessView, { action, files }: Change, isNamed: boolean): boolean {
    const isDown = view.phase === 'failed' || view.phase === 'stopped';
    if (!isDown || action === 'restart' || action === 'suspended') return false;
    if (view.desired === 'down' && !isNamed) return false;
    this.#parts.ctx.request('start', view, describeChange(files));
    return true;
  }

  #note(view: ProcessView, change: Change | undefined, waiting: number): string | undefined {
    const { holds, watches, reactions } = this.#parts;
    const { name } = view;
    if (waiting > 0) {
      const files = waiting === 1 ? '1 changed file waits' : `${waiting} changed files wait`;
      if (holds.isHeld(name)) return `${files} for a hold: call release_changes`;
      return `${files} for ${watches.of(name).find(({ waitsFor }) => waitsFor !== undefined)?.waitsFor ?? 'a lock'}`;
    }
    if (reactions.isSuspended(name))
      return 'edits are not followed, for it seems to write what it watches: call list_watches, then resume_watch';
    if (this.#late.signal.aborted && !isAtRest(view)) return `not within ${this.#timeoutSec} s`;
    return change !== undefined && view.phase === 'stopped' ? 'it was stopped: call start_process' : undefined;
  }
}
