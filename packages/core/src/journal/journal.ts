import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Clock } from '../contract/clock.ts';
import type { EventMap, ManagerEvent } from '../contract/events.ts';
import { messageOf } from '../errors/error.ts';
import type { EventLog } from '../state/log.ts';
import { encodeEvent } from './line.ts';
import type { Past } from './past.ts';
import { readEvents } from './read.ts';
import { listSegments, type Segment, segmentAt } from './segments.ts';

export interface JournalLimits {
  /** A file is not written to any more when it would get longer than this. */
  readonly maxSizeBytes: number;
  /** How many files there are at most, with the current one. */
  readonly maxFiles: number;
}

const journalLimits: JournalLimits = { maxSizeBytes: 8 * 1024 * 1024, maxFiles: 5 };

export interface JournalOptions {
  /** Absolute; made by the first write. */
  readonly folder: string;
  readonly past: Past;
  readonly clock: Pick<Clock, 'now'>;
  readonly limits?: JournalLimits;
}

/** Has a fact about the journal itself appended to the log that is being written. */
export type StateFact = <K extends 'journal.fault' | 'journal.resumed'>(type: K, data: EventMap[K]) => void;

/** How long after a fault writing is tried again, ms. */
const retryMs = 1000;

/**
 * The record of events on disk. It is written at the end of each turn, before anybody hears of what was stated, and by a
 * call that waits: what the kernel has taken outlives the manager, however that ends. While writing fails the log is what
 * there is to catch up from.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #limits: JournalLimits;
  /** `seq` of the last event that was written. */
  #written: number;
  #segment: Segment | undefined;
  /** Of what is whole in it, bytes. */
  #size = 0;
  #descriptor: number | undefined;
  #isFailing = false;
  #retryAt = 0;
  #lost = 0;
  #isClosed = false;

  constructor(options: JournalOptions) {
    const { past, limits = journalLimits } = options;
    this.#options = options;
    this.#limits = limits;
    this.#written = past.last;
    this.#segment = past.newest?.segment;
    this.#size = past.newest?.size ?? 0;
  }

  /** `seq` of the last event that was there before. */
  get start(): number {
    return this.#options.past.last;
  }

  /** Writes what the log has and the files have not. Never throws: a fault is stated once, and so is its end. */
  write(log: EventLog, state: StateFact): void {
    const { clock, folder } = this.#options;
    if (this.#isClosed || (this.#isFailing && clock.now() < this.#retryAt)) return;
    try {
      while (this.#written < log.cursor) {
        this.#append(log);
        if (!this.#isFailing) continue;
        this.#isFailing = false;
        state('journal.resumed', { lost: this.#lost });
        this.#lost = 0;
      }
    } catch (fault) {
      this.#retryAt = clock.now() + retryMs;
      this.#closeDescriptor();
      if (this.#isFailing) return;
      this.#isFailing = true;
      state('journal.fault', { message: `cannot write to ${folder}: ${messageOf(fault)}` });
    }
  }

  /** What has been written after `after`, also by the managers before; see `readEvents`. */
  read(after: number): AsyncGenerator<ManagerEvent, void, undefined> {
    return readEvents(this.#options.folder, after);
  }

  /** Tries for the last time: nothing is written any more. */
  close(log: EventLog, state: StateFact): void {
    this.#retryAt = this.#options.clock.now();
    this.write(log, state);
    this.#isClosed = true;
    this.#closeDescriptor();
  }

  #append(log: EventLog): void {
    const { events, dropped } = log.since(this.#written);
    const bytes = Buffer.from(events.map(encodeEvent).join(''));
    const descriptor = this.#open(bytes.length, this.#written + dropped + 1);
    let done = 0;
    // A disk that gets full takes a part, which is cut off before the next try.
    while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    this.#size += bytes.length;
    this.#written = log.cursor;
    this.#lost += dropped;
  }

  #open(length: number, seq: number): number {
    if (this.#size > 0 && this.#size + length > this.#limits.maxSizeBytes) {
      this.#closeDescriptor();
      this.#segment = undefined;
    }
    this.#segment ??= this.#begin(seq);
    this.#descriptor ??= this.#reopen(this.#segment);
    return this.#descriptor;
  }

  #begin(seq: number): Segment {
    const { folder } = this.#options;
    // The oldest go first: the disk may be full.
    const tooMany = listSegments(folder)
      .toReversed()
      .slice(this.#limits.maxFiles - 1);
    for (const { file } of tooMany) rmSync(file, { force: true });
    this.#size = 0;
    return segmentAt(folder, seq);
  }

  #reopen({ file }: Segment): number {
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(file, 'a', 0o600);
    try {
      const { size } = fstatSync(descriptor);
      if (size > this.#size) ftruncateSync(descriptor, this.#size);
      // Somebody has taken it away.
      else this.#size = size;
    } catch (fault) {
      closeSync(descriptor);
      throw fault;
    }
    return descriptor;
  }

  #closeDescriptor(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
