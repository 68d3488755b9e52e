import type { Clock } from '../contract/clock.ts';
import type { LogPage, LogQuery } from '../contract/manager.ts';
import type { OutputLine } from '../contract/process.ts';
import type { FoundLine, WaitForLine } from '../contract/services.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { Scrubber } from '../secrets/scrubber.ts';
import { DiskLog, type DiskSettings } from './disk.ts';
import type { LogFileOptions } from './file.ts';
import { type Origin, Ring } from './ring.ts';
import { LineSplitter } from './splitter.ts';
import { type LineMatch, LineWaiters, lineTest, type NumberedLine } from './waiters.ts';

export interface OutputSettings extends DiskSettings {
  /** How much of the newest output is kept in memory. */
  readonly ringBytes: number;
}

export interface OutputStoreOptions extends LogFileOptions, OutputSettings {
  /** Name of the process. */
  readonly name: string;
  /** Takes out what must not be shown, before anybody gets it. */
  readonly redactor: Redactor;
}

type Stream = OutputLine['stream'];

/** How long an unfinished line has to rest before it is matched: a prompt may come without a line break, ms. */
const restMs = 100;

/** The output of one process through all its incarnations, without secrets: newest in memory, all of it on disk. */
export class OutputStore {
  /** Called with each line while it is set. Lines cost nothing while it is not. */
  onLine: ((line: OutputLine) => void) | undefined;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #disk: DiskLog;
  readonly #ring: Ring;
  readonly #scrubbers: Record<Stream, Scrubber>;
  readonly #splitters: Record<Stream, LineSplitter> = { out: new LineSplitter(), err: new LineSplitter() };
  readonly #rests: Partial<Record<Stream, Disposable>> = {};
  readonly #listeners = new Set<() => void>();
  #waiters = new LineWaiters();
  #generation = 0;

  constructor(options: OutputStoreOptions) {
    this.#name = options.name;
    this.#clock = options.clock;
    this.#disk = new DiskLog(options);
    this.#ring = new Ring(options.ringBytes);
    const { redactor } = options;
    this.#scrubbers = { out: new Scrubber(redactor), err: new Scrubber(redactor) };
  }

  /** Other settings, of the file and of the memory. */
  configure({ ringBytes, ...settings }: OutputSettings): void {
    this.#disk.configure(settings);
    this.#ring.resize(ringBytes);
  }

  /**
   * A new incarnation: what follows is its output.
   *
   * @param isOngoing it has written already, by itself: what it wrote last is read first
   * @returns the descriptor that it is to write to, for the caller to close; undefined when its output is to be passed to `write`
   */
  begin(generation: number, { isOngoing = false }: { readonly isOngoing?: boolean } = {}): number | undefined {
    this.#disk.end();
    this.flush();
    this.#generation = generation;
    // Who waited for a line of the one before gets none of this one.
    this.#waiters = new LineWaiters();
    // Of what it writes by itself, the stream is not known.
    return this.#disk.begin((chunk) => this.write('out', chunk), isOngoing ? this.#ring.capacity : 0);
  }

  /** Takes all that the process has written by itself until now. */
  catchUp(): void {
    this.#disk.catchUp();
  }

  write(stream: Stream, chunk: Uint8Array): void {
    this.#pass(stream, this.#scrubbers[stream].push(chunk));
    if (this.#waiters.size > 0 || this.#scrubbers[stream].holdsLine) this.#settleAtRest(stream);
  }

  /** The incarnation has ended: unfinished lines become lines. */
  flush(): void {
    for (const stream of ['out', 'err'] as const) {
      this.#release(stream);
      if (this.#splitters[stream].hasPartial) this.#take(stream, lineBreak);
    }
  }

  page({ head, tail, after, stream }: LogQuery): LogPage {
    const { total } = this.#ring;
    // Without a filter the newest lines can be found by counting; with `after`, all have to be seen to tell what is lost.
    const floor = after ?? (tail === undefined || stream !== undefined ? 0 : total - tail);
    const found = this.#ring.read(floor);
    const kept = head === undefined ? [...found] : found.take(head).toArray();
    const cursor = kept.length === head ? (kept.at(-1)?.seq ?? total) : total;
    const chosen = stream === undefined ? kept : kept.filter((line) => line.stream === stream);
    const newest = tail === undefined ? chosen : chosen.slice(Math.max(0, chosen.length - tail));
    return {
      lines: newest.map((line) => this.#makeLine(line.seq, line, line.text())),
      cursor,
      dropped: after === undefined ? 0 : Math.max(0, cursor - after - kept.length),
    };
  }

  /** The newest lines of this incarnation. */
  tail(count: number): readonly string[] {
    const { lines } = this.page({ tail: count });
    return lines.filter((line) => line.generation === this.#generation).map((line) => line.text);
  }

  /** Calls `listener` after each chunk. */
  onChunk(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /**
   * Resolves with the first line of this incarnation after `after` that matches, even one that has come already. An
   * unfinished line counts when nothing was added to it for 100 ms, with the `seq` that it has if it is the next to end.
   * Rejects with the reason of the signal.
   */
  async waitFor(pattern: LineMatch, { signal, after = 0 }: WaitForLine): Promise<FoundLine> {
    signal.throwIfAborted();
    const fits = lineTest(pattern, after);
    for (const stored of this.#ring.read(after)) {
      if (stored.generation !== this.#generation) continue;
      const line = { text: stored.text(), seq: stored.seq };
      if (fits(line)) return this.#tellOf(line);
    }
    const found = this.#waiters.wait(fits, signal);
    for (const stream of ['out', 'err'] as const) this.#settleAtRest(stream);
    return this.#tellOf(await found);
  }

  close(): void {
    for (const rest of Object.values(this.#rests)) rest[Symbol.dispose]();
    this.#disk.end();
    for (const stream of ['out', 'err'] as const) this.#release(stream);
    this.#disk.close();
  }

  #tellOf(line: NumberedLine): FoundLine {
    return { ...line, cursor: Math.max(line.seq, this.#ring.total) };
  }

  #pass(stream: Stream, chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#disk.takeChunk(chunk);
    this.#take(stream, chunk);
    for (const listener of this.#listeners) listener();
  }

  /** Passes on what might have been the beginning of a secret. */
  #release(stream: Stream): void {
    this.#pass(stream, this.#scrubbers[stream].flush());
  }

  #take(stream: Stream, chunk: Uint8Array): void {
    const origin = { stream, generation: this.#generation, at: this.#clock.wall() };
    const { longestChunk } = this.#ring;
    for (let start = 0; start < chunk.length; start += longestChunk) {
      const part = chunk.subarray(start, start + longestChunk);
      const { wantsLines } = this.#disk;
      const wanted = wantsLines || this.onLine !== undefined || this.#waiters.size > 0;
      const split = this.#splitters[stream].push(part, wanted);
      let seq = this.#ring.total;
      this.#ring.push(part, origin, split);
      for (const text of split.texts) {
        seq += 1;
        this.#waiters.offer({ text, seq });
        this.onLine?.(this.#makeLine(seq, origin, text));
      }
      if (wantsLines) {
        const first = seq - split.texts.length + 1;
        this.#disk.takeLines(split.texts.map((text, index) => this.#makeLine(first + index, origin, text)));
      }
    }
  }

  #makeLine(seq: number, { at, generation, stream }: Origin, text: string): OutputLine {
    return Object.freeze({ seq, at, name: this.#name, generation, stream, text });
  }

  #settleAtRest(stream: Stream): void {
    this.#rests[stream]?.[Symbol.dispose]();
    const waiters = this.#waiters;
    const splitter = this.#splitters[stream];
    const scrubber = this.#scrubbers[stream];
    if (!splitter.hasPartial && scrubber.held.length === 0) return;
    this.#rests[stream] = this.#clock.after(restMs, () => {
      // Finished lines are not kept waiting. What is not a whole line yet may still become a secret, even after minutes:
      // programs write to a pipe by blocks. Only whoever waits for it, and keeps nothing, is told.
      if (scrubber.holdsLine) this.#release(stream);
      waiters.offer({ text: splitter.partialWith(scrubber.held), seq: this.#ring.total + 1 });
    });
  }
}

const lineBreak = Buffer.from('\n');
