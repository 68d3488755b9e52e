import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../contract/clock.ts';
import { messageOf } from '../errors/error.ts';
import { Rotation, type RotationLimits } from './rotation.ts';

export interface LogLimits extends RotationLimits {
  /** A file is rotated before it gets longer than this. */
  readonly maxSizeBytes: number;
}

export interface LogFileOptions extends LogLimits {
  /** Absolute. */
  readonly file: string;
  readonly clock: Clock;
  /** Told once when writing fails and once when it works again, with the number of bytes lost. */
  onFault(message: string): void;
}

/** How long after a fault writing is tried again, ms. */
const retryMs = 1000;

/** The output of a process on disk: `web.log`, rotated to `web.log.1` and on. Faults never reach the process. */
export class LogFile {
  readonly rotation: Rotation;
  #options: LogFileOptions;
  #descriptor: number | undefined;
  #size = 0;
  #rotates = false;
  #lost = 0;
  #retryAt = 0;
  /** Whether it was opened before. */
  #isKnown = false;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.rotation = new Rotation(options.file, options, options.onFault);
  }

  /** Other limits, from the next chunk on. */
  configure(limits: LogLimits): void {
    this.#options = { ...this.#options, ...limits };
    this.rotation.configure(limits);
  }

  append(chunk: Uint8Array): void {
    const { clock, file, onFault } = this.#options;
    if (this.#lost > 0 && clock.now() < this.#retryAt) {
      this.#lost += chunk.length;
      return;
    }
    let written = 0;
    try {
      const descriptor = this.#open(chunk.length);
      while (written < chunk.length) {
        // A disk that gets full takes a part.
        const count = writeSync(descriptor, chunk, written);
        written += count;
        this.#size += count;
      }
    } catch (fault) {
      if (this.#lost === 0) onFault(`cannot write to ${file}: ${messageOf(fault)}`);
      this.#lost += chunk.length - written;
      this.#retryAt = clock.now() + retryMs;
      this.#closeDescriptor();
      return;
    }
    this.#tellLoss();
  }

  close(): void {
    this.release();
    this.rotation.close();
  }

  /** Nothing is written for a while. */
  release(): void {
    this.#closeDescriptor();
    this.#tellLoss();
  }

  #open(length: number): number {
    const { file, maxSizeBytes } = this.#options;
    if (this.#rotates && this.#size > 0 && this.#size + length > maxSizeBytes) {
      this.#closeDescriptor();
      this.rotation.rotate();
    }
    if (this.#descriptor === undefined) {
      mkdirSync(dirname(file), { recursive: true });
      if (!this.#isKnown) this.rotation.heal();
      this.#isKnown = true;
      this.#descriptor = openSync(file, 'a');
      const stats = fstatSync(this.#descriptor);
      this.#size = stats.size;
      // A device or a pipe has no length and is not ours to rename.
      this.#rotates = stats.isFile();
    }
    return this.#descriptor;
  }

  #closeDescriptor(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#size = 0;
  }

  #tellLoss(): void {
    if (this.#lost === 0) return;
    const { file, onFault } = this.#options;
    onFault(`${this.#lost} bytes of output were not written to ${file}`);
    this.#lost = 0;
  }
}
