import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Reactions } from './actions/reactions.ts';
import type { Context } from './context.ts';
import type { FilePlan, WatchPlan } from './settings.ts';
import { FileWatch } from './watch/file-watch.ts';

export interface WatchesParts {
  readonly ctx: Context;
  readonly reactions: Reactions;
  isHeld(name: string): boolean;
  /** What holds the gate of a process; undefined when it is open. */
  gateOf(name: string): Promise<string | undefined>;
}

interface Watched {
  readonly plan: FilePlan;
  readonly watches: readonly FileWatch[];
}

/** The watches of all processes, as the config has them. */
export class Watches {
  readonly #parts: WatchesParts;
  readonly #byName = new Map<string, Watched>();
  readonly #ending = new Set<Promise<void>>();

  constructor(parts: WatchesParts) {
    this.#parts = parts;
  }

  of(name: string): readonly FileWatch[] {
    return this.#byName.get(name)?.watches ?? [];
  }

  get names(): readonly string[] {
    return [...this.#byName].flatMap(([name, { watches }]) => (watches.length > 0 ? [name] : []));
  }

  /** Watches what the config asks for now. A plan that is the same goes on, with what it has gathered. */
  follow(): void {
    const { ctx } = this.#parts;
    const before = new Map(this.#byName);
    this.#byName.clear();
    for (const { name } of ctx.processes()) {
      const plan = ctx.fields(name);
      if (plan === undefined) continue;
      const known = before.get(name);
      before.delete(name);
      if (known?.plan === plan) this.#byName.set(name, known);
      else this.#byName.set(name, { plan, watches: this.#renew(name, plan.watches, known?.watches ?? []) });
    }
    for (const { watches } of before.values()) for (const watch of watches) this.#end(watch);
  }

  /** Nothing holds the changes of these processes back any more. */
  resume(names: readonly string[]): void {
    for (const name of names) for (const watch of this.of(name)) watch.resume();
  }

  /** Resolves when all that has been written so far has been told, or waits. */
  async settled(names: readonly string[], signal: AbortSignal): Promise<void> {
    await Promise.all(names.flatMap((name) => this.of(name)).map((watch) => watch.settled(signal)));
  }

  async end(): Promise<void> {
    for (const { watches } of this.#byName.values()) for (const watch of watches) this.#end(watch);
    this.#byName.clear();
    await Promise.all(this.#ending);
  }

  /** The new ones begin before the old ones end, so that no edit falls between two of them. */
  #renew(name: string, plans: readonly WatchPlan[], known: readonly FileWatch[]): readonly FileWatch[] {
    const left = new Set(known);
    const watches = plans.map((plan) => {
      const same = [...left].find((watch) => isDeepStrictEqual(watch.plan, plan));
      if (same !== undefined) left.delete(same);
      return same ?? this.#begin(name, plan);
    });
    for (const watch of left) this.#end(watch);
    return watches;
  }

  #begin(name: string, plan: WatchPlan): FileWatch {
    const { ctx, reactions, isHeld, gateOf } = this.#parts;
    const { clock, root } = ctx;
    return new FileWatch({
      plan,
      paths: plan.paths.map((path) => resolve(root, path)),
      clock,
      isHeld: () => isHeld(name),
      // To be told of a change disturbs nobody.
      blockedBy: async () => (plan.action.kind === 'notify' ? undefined : gateOf(name)),
      changed: (files) => reactions.react(name, plan.action, files),
      waits(count, why) {
        const files = count === 1 ? 'A changed file' : `${count} changed files`;
        ctx.emit('files.waiting', { name, message: `${files} of ${name} wait for ${why}` });
      },
      ready: (files) => ctx.emit('files.watched', { name, files }),
      polls(ms, why) {
        ctx.emit('files.polling', {
          name,
          everyMs: ms,
          message: `${name}: its files are looked at every ${ms} ms: ${why}`,
        });
      },
      fault: (message) => ctx.emit('files.watchFault', { name, message }),
    });
  }

  #end(watch: FileWatch): void {
    const ended = watch.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}
