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
  /** Where its bytes begin, counted over all that was ever written; modulo the capacity it is the place in the ring. */
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
  longestChunk: number;
  #capacity: number;
  #bytes: Uint8Array | undefined;
  #head: Segment | undefined;
  #last: Segment | undefined;
  #end = 0;
  #used = 0;
  #total = 0;

  /** @param capacity bytes; at least 1 KiB is kept */
  constructor(capacity: number) {
    this.#capacity = Math.max(capacity, 1024);
    this.longestChunk = Math.floor(this.#capacity / 8);
  }

  /** Bytes. */
  get capacity(): number {
    return this.#capacity;
  }

  /** How many lines have ended so far: the `seq` of the newest one. */
  get total(): number {
    return this.#total;
  }

  /** Keeps the newest of what is kept now. */
  resize(capacity: number): void {
    if (Math.max(capacity, 1024) === this.#capacity) return;
    const kept: { segment: Segment; bytes: Uint8Array }[] = [];
    for (let segment = this.#head; segment !== undefined; segment = segment.next) {
      kept.push({ segment, bytes: this.#bytesOf(segment).slice() });
    }
    this.#capacity = Math.max(capacity, 1024);
    this.longestChunk = Math.floor(this.#capacity / 8);
    this.#bytes = undefined;
    this.#head = undefined;
    this.#last = undefined;
    this.#end = 0;
    this.#used = 0;
    // Behind one that is too long by itself now, nothing older is kept either.
    const tooLong = kept.findLastIndex(({ bytes }) => bytes.length + segmentBytes > this.#capacity);
    for (const { segment, bytes } of kept.slice(tooLong + 1)) {
      const { next: _, ...rest } = segment;
      this.#append({ ...rest, start: this.#write(bytes) });
    }
  }

  /** @param split what this chunk did to the lines of its stream */
  push(chunk: Uint8Array, origin: Origin, { column, lines, tail }: Split): void {
    const { length } = chunk;
    const end = this.#end;
    const start = this.#write(chunk);
    const last = this.#last;
    if (last !== undefined && start === end && this.#fits(last, origin, length)) {
      if (lines > 0) last.tail = last.length + tail;
      last.length += length;
      last.lines += lines;
      this.#used += length;
    } else {
      this.#append({ ...origin, start, length, column, after: this.#total, lines, tail });
    }
    this.#total += lines;
  }

  /** The lines after `floor` whose beginning is still there, oldest first; found as far as they are asked for. */
  *read(floor: number): Generator<StoredLine, void> {
    const unfinished: Record<OutputLine['stream'], Uint8Array[]> = { out: [], err: [] };
    for (let segment = this.#head; segment !== undefined; segment = segment.next) {
      const { stream, generation, at } = segment;
      const bytes = this.#bytesOf(segment);
      if (segment.after + segment.lines <= floor) {
        if (segment.lines > 0) unfinished[stream] = [];
        unfinished[stream].push(bytes.subarray(segment.lines > 0 ? segment.tail : 0));
        continue;
      }
      let pieces = unfinished[stream];
      let whole = lengthOf(pieces) === segment.column;
      let seq = segment.after;
      let tail = 0;
      const found: StoredLine[] = [];
      splitLines(bytes, segment.column, (start, end, next) => {
        seq += 1;
        const line = [...pieces, bytes.subarray(start, end)];
        if (whole && seq > floor) {
          found.push({ seq, stream, generation, at, text: () => decodeLine(line, next > end) });
        }
        pieces = [];
        whole = true;
        tail = next;
      });
      unfinished[stream] = [...pieces, bytes.subarray(tail)];
      yield* found;
    }
  }

  /** Returns where it begins. */
  #write(chunk: Uint8Array): number {
    // Memory that was never touched is not in use: a process that says little costs little.
    this.#bytes ??= Buffer.allocUnsafeSlow(this.#capacity);
    const { length } = chunk;
    const rest = this.#capacity - (this.#end % this.#capacity);
    const start = this.#end + (length > rest ? rest : 0);
    this.#makeRoom(start + length, length + segmentBytes);
    this.#bytes.set(chunk, start % this.#capacity);
    this.#end = start + length;
    return start;
  }

  #fits(last: Segment, { stream, generation, at }: Origin, length: number): boolean {
    return (
      last.stream === stream &&
      last.generation === generation &&
      last.at === at &&
      last.length + length <= this.longestChunk
    );
  }

  #append(segment: Segment): void {
    if (this.#last === undefined) this.#head = segment;
    else this.#last.next = segment;
    this.#last = segment;
    this.#used += segment.length + segmentBytes;
  }

  /** Drops the oldest segments until bytes up to `end` overwrite none and `size` more fit in. */
  #makeRoom(end: number, size: number): void {
    let head = this.#head;
    while (head !== undefined && (end - head.start > this.#capacity || this.#used + size > this.#capacity)) {
      this.#used -= head.length + segmentBytes;
      head = head.next;
    }
    this.#head = head;
    if (head === undefined) this.#last = undefined;
  }

  #bytesOf({ start, length }: Segment): Uint8Array {
    const place = start % this.#capacity;
    return (this.#bytes ?? new Uint8Array()).subarray(place, place + length);
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
