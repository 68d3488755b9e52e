import {
  appendFileSync,
  closeSync,
  copyFileSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  watch,
} from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../errors/error.ts';
import type { LogFileOptions } from './file.ts';
import type { Rotation } from './rotation.ts';

/** What has been written is read together, after this time, ms. */
const gatherMs = 25;
/** Where files cannot be watched, they are looked at, ms. */
const lookMs = 250;
const chunkBytes = 64 * 1024;
/** So much is read in one turn while the process runs; then others have theirs. */
const mostInTurn = 4 * 2 ** 20;
/** So much is read at its end, when nothing comes after it. */
const mostAtOnce = 16 * 2 ** 20;
const mostParts = 1000;

export interface DirectOptions extends Pick<LogFileOptions, 'file' | 'clock' | 'maxSizeBytes' | 'onFault'> {
  readonly rotation: Rotation;
  /** So much of what is in the file already is read first, bytes; from the beginning of a line. */
  readonly past: number;
  /** Told of what the process has written. */
  onChunk(chunk: Uint8Array): void;
}

/** A log file that a process writes to by itself, read as it grows. Nothing that happens here can hold the process up. */
export class DirectLog {
  readonly #options: DirectOptions;
  readonly #reading: number;
  readonly #watcher: Disposable;
  #offset: number;
  #timer: Disposable | undefined;
  #isClosed = false;
  /** It could not be rotated when that was last tried, and that was told. */
  #isRefused = false;

  /** Throws what the file system does. */
  constructor(options: DirectOptions) {
    const { file, maxSizeBytes, rotation, past } = options;
    this.#options = options;
    mkdirSync(dirname(file), { recursive: true });
    rotation.heal();
    // Not one that somebody writes to.
    if (past === 0 && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= maxSizeBytes) rotation.rotate();
    this.#reading = openSync(file, 'a+', 0o600);
    this.#offset = this.#startOf(past);
    this.#watcher = this.#watch();
    if (past > 0) this.#soon();
  }

  #startOf(past: number): number {
    const { size } = fstatSync(this.#reading);
    if (past === 0) return size;
    if (size <= past) return 0;
    const part = Buffer.alloc(past);
    const count = readSync(this.#reading, part, 0, past, size - past);
    return size - past + part.subarray(0, count).indexOf(0x0a) + 1;
  }

  /** For the process: to be closed once it has it. */
  openForWriting(): number {
    return openSync(this.#options.file, 'a', 0o600);
  }

  /** Reads the newest of what has been written until now. */
  catchUp(): void {
    if (this.#isClosed) return;
    const { size } = fstatSync(this.#reading);
    const left = size - mostAtOnce - this.#offset;
    if (left > 0) {
      this.#offset += left;
      const { file, onFault } = this.#options;
      onFault(`${left} bytes were written to ${file} too fast to be read along: they are in the file alone`);
    }
    this.#readOn(mostAtOnce);
  }

  #readOn(most: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    // Somebody has emptied it.
    if (fstatSync(this.#reading).size < this.#offset) this.#offset = 0;
    const end = this.#offset + most;
    while (this.#offset < end && this.#read() !== undefined);
    if (this.#offset >= end) this.#soon();
    if (this.#offset >= this.#options.maxSizeBytes) this.#empty();
  }

  close(): void {
    this.catchUp();
    this.#isClosed = true;
    this.#timer?.[Symbol.dispose]();
    this.#watcher[Symbol.dispose]();
    closeSync(this.#reading);
  }

  #watch(): Disposable {
    const { clock, file } = this.#options;
    try {
      const watcher = watch(file, { persistent: false }, () => this.#soon());
      // It ends when the file is removed; what is still written is read at the end.
      watcher.on('error', () => watcher.close());
      return { [Symbol.dispose]: () => watcher.close() };
    } catch {
      // No watches are left.
      let timer: Disposable | undefined;
      const look = (): void => {
        this.#readOn(mostInTurn);
        timer = clock.after(lookMs, look);
      };
      timer = clock.after(lookMs, look);
      return { [Symbol.dispose]: () => timer?.[Symbol.dispose]() };
    }
  }

  #soon(): void {
    if (!this.#isClosed) this.#timer ??= this.#options.clock.after(gatherMs, () => this.#readOn(mostInTurn));
  }

  /** Passes on the next part of what is there; undefined when that was all. */
  #read(): Uint8Array | undefined {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const count = readSync(this.#reading, buffer, 0, chunkBytes, this.#offset);
    if (count === 0) return undefined;
    this.#offset += count;
    const chunk = buffer.subarray(0, count);
    this.#options.onChunk(chunk);
    return chunk;
  }

  /**
   * Copies the file and empties it: the process goes on with the descriptor that it has. What it writes between the last look at the
   * file and the cut, some microseconds, is lost.
   */
  #empty(): void {
    const { file, rotation, onFault } = this.#options;
    const copy = `${file}.part`;
    try {
      copyFileSync(file, copy);
      const { size: copied } = statSync(copy);
      // What was written meanwhile. Who writes faster than this is not waited for.
      for (let parts = 0; parts < mostParts; parts += 1) {
        const start = this.#offset;
        const chunk = this.#read();
        if (chunk === undefined) break;
        if (this.#offset > copied) appendFileSync(copy, chunk.subarray(Math.max(0, copied - start)));
      }
      const older = rotation.makeRoom();
      if (older === undefined) rmSync(copy);
      else renameSync(copy, older);
      truncateSync(file, 0);
      this.#offset = 0;
      rotation.compressNewest();
      this.#isRefused = false;
    } catch (fault) {
      rmSync(copy, { force: true });
      if (!this.#isRefused) onFault(`cannot rotate ${file}: ${messageOf(fault)}`);
      this.#isRefused = true;
    }
  }
}
