import { existsSync } from 'node:fs';
import type { Clock } from '@promptbin/core';
import type { WatchPlan } from '../settings.ts';
import { defaultPollMs, limitReached, whyToPoll } from './backend.ts';
import type { Contents } from './contents.ts';
import { createFilter } from './filter.ts';
import { scan } from './scan.ts';
import { watchFiles } from './watcher.ts';

/** Time stamps of files come from a clock that may be this much behind, ms. */
export const stampLagMs = 10;

export interface LookoutParts {
  readonly plan: WatchPlan;
  /** Absolute. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  readonly contents: Contents;
  /** A file may be other than before. */
  changed(path: string): void;
  /** So many files are watched from now on, and known by their contents. */
  ready(files: number): void;
  /** It is looked every `ms` from now on, for a reason that is not the config. */
  polls(ms: number, why: string): void;
  fault(message: string): void;
}

/** Sees to it that the files of one plan are watched, by whatever means the system leaves. */
export class Lookout {
  readonly #parts: LookoutParts;
  /** Ends the watcher that is there. */
  #close: () => Promise<void> = async () => {};
  readonly #closing = new Set<Promise<void>>();
  readonly #told = new Set<string>();
  /** Which watcher is listened to: what those before it say is too late. */
  #current = 0;
  #isEnded = false;
  /** How often is looked, ms; undefined while the system tells. */
  pollMs: number | undefined;

  constructor(parts: LookoutParts) {
    this.#parts = parts;
    this.pollMs = parts.plan.pollMs;
    void this.#begin(this.#now());
  }

  /** Looks by itself for what was written or removed since, for the system may tell late; ms since the epoch. */
  async look(since: number): Promise<void> {
    const { plan, paths, contents, changed } = this.#parts;
    const known = contents.paths;
    const { files, written } = await scan(paths, createFilter(paths, plan), since);
    if (this.#isEnded) return;
    for (const path of written) changed(path);
    for (const path of known) if (!files.has(path) && !existsSync(path)) changed(path);
  }

  /** Resolves when nothing is open any more. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#current += 1;
    this.#replace(async () => {});
    await Promise.all(this.#closing);
  }

  async #begin(since: number): Promise<void> {
    const { plan, paths } = this.#parts;
    const why = plan.pollMs === undefined ? await whyToPoll(paths) : undefined;
    if (this.#isEnded) return;
    if (why !== undefined) this.#poll(why);
    this.#open(since);
  }

  /** Before the one that is there is ended, so that no edit falls between two of them. */
  #open(since: number): void {
    const { plan, paths, contents, changed, ready } = this.#parts;
    this.#current += 1;
    const number = this.#current;
    const isCurrent = (): boolean => number === this.#current;
    const before = contents.paths;
    const found = new Set<string>();
    const close = watchFiles(
      { paths, filter: createFilter(paths, plan), since, pollMs: this.pollMs },
      {
        changed: (path) => isCurrent() && changed(path),
        found(path) {
          found.add(path);
          contents.note(path, since);
        },
        scanned() {
          if (!isCurrent()) return;
          for (const path of before) if (!found.has(path) && !existsSync(path)) changed(path);
          void contents.noted().then(() => isCurrent() && ready(found.size));
        },
        rulesChanged: () => isCurrent() && this.#open(this.#now()),
        failed: (fault) => isCurrent() && this.#failed(fault, since),
      },
    );
    this.#replace(close);
  }

  #failed(fault: NodeJS.ErrnoException, since: number): void {
    const why = this.pollMs === undefined ? limitReached(fault) : undefined;
    if (why === undefined) {
      const { message } = fault;
      if (!this.#told.has(message)) this.#parts.fault(message);
      this.#told.add(message);
      return;
    }
    this.#poll(why);
    this.#open(since);
  }

  #poll(why: string): void {
    this.pollMs = defaultPollMs;
    this.#parts.polls(defaultPollMs, why);
  }

  #replace(close: () => Promise<void>): void {
    const closed = this.#close().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
    this.#close = close;
  }

  #now(): number {
    return this.#parts.clock.wall() - stampLagMs;
  }
}
