import type { Clock } from '@promptbin/core';
import type { Reaction } from '../actions/reactions.ts';
import type { ToldFile } from '../actions/told-file.ts';

/** Changes that lie this far apart have nothing to do with each other, ms. */
const windowMs = 60_000;
const mostFiles = 1000;

/** What has followed changed files since somebody last asked for it. */
export interface Change {
  readonly files: readonly ToldFile[];
  /** Of the newest. */
  readonly action: Reaction['action'];
  /** Where the output stood when the first of it followed: a cursor of lines. */
  readonly cursor: number;
  /** The newest run that a restart has ended; undefined when nothing was restarted. */
  readonly replaced: number | undefined;
}

/** How a process is when its files have changed. */
export interface Moment {
  readonly cursor: number;
  readonly generation: number;
}

interface Entry extends Omit<Change, 'files'> {
  /** By path. */
  readonly files: Map<string, ToldFile>;
  /** Of the newest; monotonic, ms. */
  readonly at: number;
}

/** Keeps what has followed changed files until it is asked for: who edits and then asks may come after the watch. */
export class Unapplied {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  add({ name, files, action }: Reaction, { cursor, generation }: Moment): void {
    const now = this.#clock.now();
    const known = this.#entries.get(name);
    const before = known !== undefined && now - known.at < windowMs ? known : undefined;
    const all = before?.files ?? new Map<string, ToldFile>();
    for (const file of files) if (all.size < mostFiles || all.has(file.path)) all.set(file.path, file);
    this.#entries.set(name, {
      files: all,
      at: now,
      cursor: before?.cursor ?? cursor,
      action,
      replaced: action === 'restart' ? generation : before?.replaced,
    });
  }

  /**
   * What has followed within the last minute, or is still under way, since it was forgotten.
   *
   * @param isUnderWay the process has not come to rest since
   */
  of(name: string, isUnderWay: boolean): Change | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined || (!isUnderWay && this.#clock.now() - entry.at >= windowMs)) return undefined;
    const { files, action, cursor, replaced } = entry;
    return { files: [...files.values()], action, cursor, replaced };
  }

  /** It has been told. */
  forget(name: string): void {
    this.#entries.delete(name);
  }
}
