import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The first instruction of a process, as it states it itself. */
export interface Stamp {
  /** Monotonic clock, ns: that of `process.hrtime.bigint()`. */
  readonly at: bigint;
  readonly pid: number;
  readonly role: string;
}

/** Far longer than anything takes that works. */
const patienceMs = 120_000;

/** The FIFO that the children state themselves in, and keep open while they live. */
export class Stamps {
  readonly path: string;
  /** All that have come. */
  readonly all: Stamp[] = [];
  readonly #reader: Socket;
  /** Keeps the FIFO from ending while no child is there. */
  #writer: number | undefined;
  readonly #ended = Promise.withResolvers<bigint>();
  #wake: () => void = () => undefined;

  constructor(path: string) {
    this.path = path;
    const { status, stderr } = spawnSync('mkfifo', [path], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`mkfifo ${path}: ${stderr}`);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#writer = openSync(path, constants.O_WRONLY);
    this.#reader = new Socket({ fd, readable: true, writable: false });
    createInterface({ input: this.#reader }).on('line', (line) => {
      const [at = '', pid, role = ''] = line.split(' ');
      this.all.push({ at: BigInt(at), pid: Number(pid), role });
      this.#wake();
    });
    this.#reader.on('end', () => this.#ended.resolve(process.hrtime.bigint()));
    this.#reader.on('error', (error) => this.#ended.reject(error));
  }

  /**
   * Resolves when so many have come in all, of this role if one is named, with these.
   *
   * @throws Error when they do not come within `withinMs`
   */
  async until(count: number, role?: string, withinMs: number = patienceMs): Promise<readonly Stamp[]> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = role === undefined ? this.all : this.all.filter((stamp) => stamp.role === role);
      if (found.length >= count) return found.slice(0, count);
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${found.length} of ${count} processes have begun after ${withinMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Resolves with the time at which the last of them is gone, monotonic ns. Nothing may begin any more. */
  async ended(withinMs: number = patienceMs): Promise<bigint> {
    this.#release();
    const timer = setTimeout(
      () => this.#ended.reject(new Error(`something still lives after ${withinMs} ms`)),
      withinMs,
    );
    try {
      return await this.#ended.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#release();
    this.#ended.promise.catch(() => undefined);
    this.#reader.destroy();
  }

  #release(): void {
    if (this.#writer !== undefined) closeSync(this.#writer);
    this.#writer = undefined;
  }
}
