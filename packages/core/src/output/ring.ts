import type { OutputLine } from '../contract/process.ts';
import { decodeLine, splitLines } from './lines.ts';
import type { Split } from './splitter.ts';

export interface Origin {
  readonly stream: OutputLine['stream'];
  readonly generation: number;
  /** Wall clock, ms since the epoch. */
  readonly at: number;
}

/** Bytes of one stream that came together and lie together. */
interface Segment extends Origin {
  /** Where its bytes begin in the ring. */
  readonly start: number;
  length: number;
  /** Bytes of its first line that came before it. */
  readonly column: number;
  /** `seq` of the newest line before the ones that end in it. */
  readonly after: number;
  /** How many lines end in it. */
  lines: number;
  /** Where the unfinished line after them begins. */
  tail: number;
  next?: Segment;
}

export interface StoredLine extends Origin {
  readonly seq: number;
  /** Decodes it: possible until the next `push`. */
  text(): string;
}

/** What a segment costs beside its bytes, about. */
const segmentBytes = 64;

/** The newest output, bounded by bytes. Lines are counted when they come and made only when somebody reads them. */
export class Ring {
  /** Chunks must not be longer, so that a new one drops only a small part of the old ones. */
  readonly longestChunk: number;
  readonly #capacity: number;
  #bytes: Uint8Array | undefined;
  #head: Segment | undefined;
  #last: Segment | undefined;
  #used = 0;
  #total = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(capacity, 1024);
    this.longestChunk = Math.floor(this.#capacity / 8);
  }

  /** How many lines have ended so far: the `seq` of the newest one. */
  get total(): number {
    return this.#total;
  }

  /** `split` is what this chunk did to the lines of its stream. */
  push(chunk: Uint8Array, origin: Origin, { column, lines, tail }: Split): void {
    // Not touched memory is not used memory: a process that says little costs little.
    this.#bytes ??= Buffer.allocUnsafeSlow(this.#capacity);
    const last = this.#last;
    const end = last === undefined ? 0 : last.start + last.length;
    const fits = end + chunk.length <= this.#capacity;
    this.#makeRoom(chunk.length + segmentBytes + (fits ? 0 : this.#capacity - end));
    const start = fits ? end : 0;
    this.#bytes.set(chunk, start);
    if (fits && last !== undefined && last === this.#last && isSame(last, origin)) {
      if (lines > 0) last.tail = last.length + tail;
      last.length += chunk.length;
      last.lines += lines;
      this.#used += chunk.length;
    } else {
      this.#append({ ...origin, start, length: chunk.length, column, after: this.#total, lines, tail });
    }
    this.#total += lines;
  }
}

function isSame(one: Origin, other: Origin): boolean {
  return one.stream === other.stream && one.at === other.at && one.generation === other.generation;
}
