import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock } from '@promptbin/core';
import type { HeartbeatMeans } from './means.ts';
import { type Attempt, CheckFailure, type Probe, type Subject } from './probe.ts';
import { seconds, unlessAborted, within } from './within.ts';

/**
 * What is known of the file of one incarnation. Beats are told by a change of the file, never by its time against the
 * clock: that would count what a former run has left, and a step of the clock.
 */
export class Heartbeat {
  readonly #file: string;
  readonly #clock: Clock;
  #seen: string | undefined;
  #hasLooked = false;
  #beatAt: number | undefined;
  #missing: string | undefined;

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** When the last beat was noticed, by the monotonic clock, ms. */
  get beatAt(): number | undefined {
    return this.#beatAt;
  }

  /** Why the file could not be read; undefined when it could. */
  get missing(): string | undefined {
    return this.#missing;
  }

  /** The first look only notes what is there already. */
  async look(): Promise<void> {
    const now = await this.#read();
    if (this.#hasLooked && now !== undefined && now !== this.#seen) this.#beatAt = this.#clock.now();
    this.#hasLooked = true;
    this.#seen = now ?? this.#seen;
  }

  async #read(): Promise<string | undefined> {
    try {
      // One that is replaced by another of the same age is another one.
      const { mtimeNs, ino } = await stat(this.#file, { bigint: true });
      this.#missing = undefined;
      return `${mtimeNs} ${ino}`;
    } catch (fault) {
      const { code, message } = fault as NodeJS.ErrnoException;
      this.#missing = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${message}`;
      return undefined;
    }
  }
}

/** Good when the process has touched its file lately. */
export class HeartbeatProbe implements Probe {
  readonly #means: HeartbeatMeans;
  readonly #subject: Subject;
  readonly #heartbeat: Heartbeat;
  /** Until when no beat is needed yet, by the monotonic clock, ms. */
  readonly #graceUntil: number;

  constructor(means: HeartbeatMeans, subject: Subject, heartbeat: Heartbeat, isLenient: boolean) {
    this.#means = means;
    this.#subject = subject;
    this.#heartbeat = heartbeat;
    this.#graceUntil = isLenient ? subject.clock.now() + means.maxAgeMs : Number.NEGATIVE_INFINITY;
  }

  awaited(ms: number): string {
    return `heartbeat ${this.#means.file}: no look at the file for ${seconds(ms)}`;
  }

  async attempt(attempt: Attempt): Promise<void> {
    const { clock } = this.#subject;
    const { file, maxAgeMs } = this.#means;
    const late = (): CheckFailure => {
      const brief = `no look at the file within ${seconds(attempt.timeoutMs)}`;
      return new CheckFailure(brief, `heartbeat ${file}: ${brief}`);
    };
    await within(clock, attempt, late, (signal) => unlessAborted(this.#heartbeat.look(), signal));
    const { beatAt = Number.NEGATIVE_INFINITY } = this.#heartbeat;
    if (clock.now() > Math.max(beatAt + maxAgeMs, this.#graceUntil)) throw this.#failure();
  }

  [Symbol.dispose](): void {}

  #failure(): CheckFailure {
    const { file, maxAgeMs } = this.#means;
    const { beatAt, missing } = this.#heartbeat;
    const age = beatAt === undefined ? undefined : seconds(this.#subject.clock.now() - beatAt);
    const brief = age === undefined ? 'no heartbeat yet' : `no heartbeat for ${age}`;
    const state = missing === undefined ? '' : `; the file ${missing}`;
    return new CheckFailure(brief, `${brief} (${file}, expected every ${seconds(maxAgeMs)})${state}`);
  }
}

export function fileOf({ file }: HeartbeatMeans, root: string): string {
  return resolve(root, file);
}
