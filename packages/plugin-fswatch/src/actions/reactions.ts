import type { Cause, ManagerEvent, ProcessView } from '@promptbin/core';
import type { Context } from '../context.ts';
import type { Action } from '../settings.ts';
import type { FileChange } from '../watch/contents.ts';
import { Deliveries } from './deliver.ts';
import { LoopGuard } from './loop-guard.ts';
import { type ToldFile, tellFiles } from './told-file.ts';

/** So many files are told by path. */
const mostTold = 100;

/** What has followed a change. */
export interface Reaction {
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  /** At most 100 of them. */
  readonly files: readonly ToldFile[];
  readonly count: number;
  readonly action: Action['kind'] | 'suspended' | 'none';
}

/** Does what is to follow when files of a process have changed. */
export class Reactions {
  readonly #ctx: Context;
  readonly #deliveries: Deliveries;
  readonly #guard = new LoopGuard();
  /** What a suspended process has not been restarted for. */
  readonly #missed = new Map<string, readonly ToldFile[]>();
  readonly #last = new Map<string, Reaction>();
  readonly #listeners = new Set<(reaction: Reaction) => void>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
    this.#deliveries = new Deliveries(ctx);
    ctx.hooks.event.tap('missed', ({ type, data }: ManagerEvent) => {
      if (type === 'process.spawned') this.#missed.delete(data.name);
      else if (type === 'process.removed') this.#last.delete(data.name);
    });
  }

  /** Hears of each reaction. */
  listen(listener: (reaction: Reaction) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** What has followed the newest change of the files of a process. */
  last(name: string): Reaction | undefined {
    return this.#last.get(name);
  }

  isSuspended(name: string): boolean {
    return this.#guard.isSuspended(name);
  }

  /** Somebody has waited for what followed, and it has come to rest: that is no loop, however often it happens. */
  forgive(name: string): void {
    this.#guard.forgive(name);
  }

  /** Resolves when no signal, request or command is under way for a process. Rejects with the reason of the signal. */
  delivered(name: string, signal: AbortSignal): Promise<void> {
    return this.#deliveries.done(name, signal);
  }

  /** Ends a suspension, and makes up for what was missed. */
  resume(name: string): void {
    this.#guard.resume(name);
    const files = this.#missed.get(name) ?? [];
    this.#missed.delete(name);
    if (files.length > 0) this.#restart(name, files);
  }

  react(name: string, action: Action, changes: readonly FileChange[]): void {
    const files = tellFiles(this.#ctx.root, changes);
    const told = files.slice(0, mostTold);
    this.#ctx.emit('files.changed', { name, files: told, count: files.length });
    const at = new Date(this.#ctx.clock.wall()).toISOString();
    this.#tell({ name, at, files: told, count: files.length, action: this.#act(name, action, files) });
  }

  #act(name: string, action: Action, files: readonly ToldFile[]): Reaction['action'] {
    if (action.kind === 'restart') return this.#restart(name, files);
    if (action.kind === 'notify') return 'notify';
    // What the app does when it is told by POST may well be to write: it is told then what it has written itself.
    if (action.kind !== 'post' && !this.#mayGoOn(name, files)) return 'suspended';
    this.#deliveries.add(name, action, files);
    return action.kind;
  }

  #restart(name: string, files: readonly ToldFile[]): Reaction['action'] {
    const process = this.#ctx.process(name);
    if (process === undefined || !readsOldFiles(process)) return 'none';
    if (!this.#mayGoOn(name, files)) {
      this.#missed.set(name, [...(this.#missed.get(name) ?? []), ...files].slice(-mostTold));
      return 'suspended';
    }
    this.#ctx.request('restart', process, describeChange(files));
    return 'restart';
  }

  #mayGoOn(name: string, files: readonly ToldFile[]): boolean {
    const verdict = this.#guard.admit(name, this.#ctx.clock.now());
    if (verdict === 'suspend') {
      const path = files[0]?.path ?? '';
      const message =
        `${name} is left alone from now on: its files have changed more than 10 times in a minute, ${path} last, so it seems to ` +
        'write what it watches. Leave that out by "ignore", then call watch.resume';
      this.#ctx.emit('files.suspended', { name, path, message });
    }
    return verdict === 'pass';
  }

  #tell(reaction: Reaction): void {
    this.#last.set(reaction.name, reaction);
    for (const listener of this.#listeners) listener(reaction);
  }
}

/** Whether it runs, or ended, with the files as they were. What waits has yet to read them; what is unwanted stays down. */
function readsOldFiles({ desired, phase }: ProcessView): boolean {
  return desired === 'up' && phase !== 'waiting' && phase !== 'stopped';
}

/** Why a process begins anew. */
export function describeChange(files: readonly ToldFile[]): Cause {
  const paths = files.map(({ path }) => path);
  const more = paths.length > 1 ? ` (+${paths.length - 1} more)` : '';
  return { code: 'filesChanged', message: `${paths[0]} changed${more}`, evidence: paths.slice(0, 8) };
}
