import { createReadStream, createWriteStream, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { messageOf } from '../errors/error.ts';

export interface RotationLimits {
  /** How many rotated files are kept, beside the current one. */
  readonly maxFiles: number;
  /** Rotated files are compressed: `web.log.1.gz`. */
  readonly compress: boolean;
}

/** A rotated file that is to be compressed; it moves on with every rotation. */
interface Job {
  index: number;
}

/** The older files of a log: `web.log.1` is the newest of them. */
export class Rotation {
  readonly #file: string;
  readonly #onFault: (message: string) => void;
  readonly #jobs: Job[] = [];
  readonly #closing = new AbortController();
  #limits: RotationLimits;
  #isBusy = false;

  constructor(file: string, limits: RotationLimits, onFault: (message: string) => void) {
    this.#file = file;
    this.#limits = limits;
    this.#onFault = onFault;
  }

  configure(limits: RotationLimits): void {
    this.#limits = limits;
  }

  /** Takes up what a manager that was killed has left uncompressed. */
  heal(): void {
    const { compress, maxFiles } = this.#limits;
    if (!compress) return;
    rmSync(this.#part, { force: true });
    for (let index = maxFiles; index > 0; index -= 1) {
      if (!existsSync(this.#name(index))) continue;
      // It was whole before the other one was to be removed.
      if (existsSync(`${this.#name(index)}.gz`)) rmSync(this.#name(index));
      else this.#compress(index);
    }
  }

  /** Moves the current file away. Throws what the file system does. */
  rotate(): void {
    const next = this.makeRoom();
    if (next === undefined) rmSync(this.#file, { force: true });
    else renameIfThere(this.#file, next);
    this.compressNewest();
  }

  /** The name that is free for what is in the current file; undefined when nothing older is kept. */
  makeRoom(): string | undefined {
    const { maxFiles } = this.#limits;
    if (maxFiles === 0) return undefined;
    for (const ending of ['', '.gz']) {
      rmSync(this.#name(maxFiles) + ending, { force: true });
      for (let index = maxFiles - 1; index > 0; index -= 1) {
        renameIfThere(this.#name(index) + ending, this.#name(index + 1) + ending);
      }
    }
    for (const job of this.#jobs) job.index += 1;
    return this.#name(1);
  }

  compressNewest(): void {
    if (this.#limits.compress && this.#limits.maxFiles > 0) this.#compress(1);
  }

  /** What is being compressed stays as it was; the next manager takes it up. */
  close(): void {
    this.#closing.abort();
    if (this.#isBusy) rmSync(this.#part, { force: true });
  }

  get #part(): string {
    return `${this.#file}.gz.part`;
  }

  #name(index: number): string {
    return `${this.#file}.${index}`;
  }

  #compress(index: number): void {
    this.#jobs.push({ index });
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let job = this.#jobs[0]; job !== undefined && !this.#closing.signal.aborted; job = this.#jobs[0]) {
      try {
        await this.#pack(job);
      } catch (fault) {
        rmSync(this.#part, { force: true });
        if (!this.#closing.signal.aborted)
          this.#onFault(`cannot compress ${this.#name(job.index)}: ${messageOf(fault)}`);
      }
      this.#jobs.shift();
    }
    this.#isBusy = false;
  }

  async #pack(job: Job): Promise<void> {
    if (job.index > this.#limits.maxFiles) return;
    // At once: by the time a stream opens it, the name may be that of a newer file.
    const fd = openSync(this.#name(job.index), 'r');
    const { signal } = this.#closing;
    const output = createWriteStream(this.#part, { mode: 0o600 });
    await pipeline(createReadStream('', { fd }), createGzip(), output, { signal });
    // In one turn, under the name that it has by now.
    if (job.index > this.#limits.maxFiles) rmSync(this.#part);
    else {
      renameSync(this.#part, `${this.#name(job.index)}.gz`);
      rmSync(this.#name(job.index), { force: true });
    }
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault;
  }
}
