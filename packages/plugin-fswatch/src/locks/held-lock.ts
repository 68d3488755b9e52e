import type { Lock } from '@promptbin/core';
import { unwritable } from './faults.ts';
import type { HeldMarker } from './held-marker.ts';
import type { LockPlace } from './names.ts';

/** Hears once that a lock is released, and whether its marker was still there. */
export type Released = (wasOurs: boolean) => void;

export class HeldLock implements Lock {
  readonly path: string;
  readonly file: string;
  readonly #marker: HeldMarker;
  readonly #released: Released;
  #outcome: Promise<boolean> | undefined;

  constructor({ path }: LockPlace, marker: HeldMarker, released: Released) {
    this.path = path;
    this.file = marker.file;
    this.#marker = marker;
    this.#released = released;
  }

  get isReleased(): boolean {
    return this.#outcome !== undefined;
  }

  isHeld(): boolean {
    return !this.isReleased && this.#marker.isInPlace();
  }

  release(): Promise<boolean> {
    this.#outcome ??= this.#remove();
    return this.#outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  /** Up to its end without a turn in between: whoever is next finds the name free. */
  async #remove(): Promise<boolean> {
    let wasOurs = true;
    try {
      wasOurs = this.#marker.remove();
      return wasOurs;
    } catch (fault) {
      throw unwritable(this.path, fault);
    } finally {
      this.#released(wasOurs);
    }
  }
}
