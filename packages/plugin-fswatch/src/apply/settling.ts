import { isHeld, type ProcessView } from '@promptbin/core';
import type { Context } from '../context.ts';

/** So long it must have been ready, ms: what is ready as soon as it is spawned may end at its first import. */
const restMs = 500;

/** Waits for processes that are asked to do something. */
export class Settling {
  readonly #ctx: Context;
  readonly #listeners = new Set<() => void>();
  #asked = 0;
  #heard = 0;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    ctx.hooks.event.tap('settling', ({ type, data }) => {
      if (type === 'files.applied') this.#heard = Math.max(this.#heard, data.number);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Resolves when all that has been requested so far has been taken: it is stated, and what is stated is in order. */
  async taken(name: string, message: string, signal: AbortSignal): Promise<void> {
    this.#asked += 1;
    const number = this.#asked;
    this.#ctx.emit('files.applied', { name, number, message });
    await this.#until(() => (this.#heard >= number ? true : undefined), signal);
  }

  /**
   * Resolves when a process has been ready for half a second, or is down; with undefined when it is part of the config no more.
   *
   * @throws the reason of the signal
   */
  async settled(name: string, signal: AbortSignal): Promise<ProcessView | undefined> {
    for (;;) {
      const view = await this.#until(() => {
        const now = this.#ctx.process(name);
        return now === undefined ? 'gone' : isAtRest(now) ? now : undefined;
      }, signal);
      if (view === 'gone') return undefined;
      if (!view.ready || view.phase === 'completed') return view;
      await this.#ctx.clock.sleep(restMs, signal);
      const later = this.#ctx.process(name);
      if (later === undefined || (later.ready && later.generation === view.generation)) return later;
    }
  }

  /** Resolves with what `look` finds now, or after some event. */
  async #until<T>(look: () => T | undefined, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const again = (): void => {
      const found = look();
      if (found !== undefined) resolve(found);
    };
    const abort = (): void => reject(signal.reason);
    this.#listeners.add(again);
    signal.addEventListener('abort', abort, { once: true });
    again();
    return promise.finally(() => {
      this.#listeners.delete(again);
      signal.removeEventListener('abort', abort);
    });
  }
}

const atRest: ReadonlySet<ProcessView['phase']> = new Set(['stopped', 'completed', 'failed', 'backoff']);

/** It is ready, or down: what is tried again has failed once, and what is held does not come by itself. */
export function isAtRest(view: ProcessView): boolean {
  return view.ready || atRest.has(view.phase) || isHeld(view);
}
