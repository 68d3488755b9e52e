import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Palette, paletteFor } from './color.ts';

/** One of the two output streams, on whose reader the manager must not depend. */
export class Screen {
  readonly palette: Palette;
  /** Resolves when nobody reads any more. */
  readonly gone: Promise<void>;
  readonly #stream: NodeJS.WriteStream;
  #isGone = false;
  #isQuiet = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.palette = paletteFor(stream);
    // EPIPE when the reader has ended, EIO when the terminal is closed.
    this.gone = new Promise((resolve) => {
      stream.on('error', () => {
        this.#isGone = true;
        resolve();
      });
    });
  }

  /** Width of the terminal in columns; undefined when it is none, or does not know. */
  get columns(): number | undefined {
    return (this.#stream.isTTY && this.#stream.columns) || undefined;
  }

  /** Height of the terminal in lines; undefined when it is none, or does not know. */
  get rows(): number | undefined {
    return (this.#stream.isTTY && this.#stream.rows) || undefined;
  }

  get isQuiet(): boolean {
    return this.#isQuiet;
  }

  /** From now on nothing is said but what was asked for, and what has gone wrong. */
  hush(): void {
    this.#isQuiet = true;
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  /** What is good to know, and was not asked for. */
  note(text: string): void {
    if (!this.#isQuiet) this.line(text);
  }

  write(text: string | Uint8Array): void {
    if (!this.#isGone) this.#stream.write(text);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Resolves when the reader keeps up, or has gone. */
  async drained(signal?: AbortSignal): Promise<void> {
    if (this.#isGone || !this.#stream.writableNeedDrain || signal?.aborted) return;
    await once(this.#stream, 'drain', signal && { signal }).catch(() => {});
  }

  /** Waits until all is written, at most a second: what is not read by then is not read by anyone. */
  async flush(): Promise<void> {
    if (this.#isGone || this.#stream.writableLength === 0) return;
    const written = new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    await Promise.race([written, sleep(1000, undefined, { ref: false })]);
  }
}
