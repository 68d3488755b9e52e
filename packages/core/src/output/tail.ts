import type { OutputLine } from '../contract/process.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { Scrubber } from '../secrets/scrubber.ts';

type Stream = OutputLine['stream'];

/** The newest output of one command, of both streams in the order in which it came, without secrets. */
export class OutputTail {
  readonly #most: number;
  readonly #scrubbers: Readonly<Record<Stream, Scrubber>>;
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** @param most how much of it is kept, bytes */
  constructor(most: number, redactor: Redactor) {
    this.#most = most;
    // Before anything is cut: the rest of a secret that was cut would not be known for one.
    this.#scrubbers = { out: new Scrubber(redactor), err: new Scrubber(redactor) };
  }

  push(stream: Stream, chunk: Uint8Array): void {
    this.#keep(this.#scrubbers[stream].push(chunk));
  }

  /** To be asked once, when all of it has come. */
  text(): string {
    for (const scrubber of Object.values(this.#scrubbers)) this.#keep(scrubber.flush());
    const newest = this.#newest();
    // A character that was cut in two is none.
    const start = newest.findIndex((byte) => (byte & 0xc0) !== 0x80);
    return newest.toString('utf8', Math.max(0, start));
  }

  #keep(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // Not at each chunk: it is copied.
    if (this.#length <= 2 * this.#most) return;
    this.#chunks = [Buffer.from(this.#newest())];
    this.#length = this.#most;
  }

  #newest(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#most));
  }
}
