import type { Clock } from '../contract/clock.ts';
import { decodeLine } from '../output/lines.ts';

/** What a longer line has beyond this is left out, bytes. */
const longestBytes = 4096;

/**
 * How many lines of one run become events. A notification is a word at a turning point; a child that talks without end
 * must not push everything else out of the log, which holds some thousand events.
 */
const most = { lines: 100, withinMs: 10_000 };

/** Cuts what a child writes to its notification descriptor into lines. What no line break ends is none. */
export class NoticeReader {
  readonly #tell: (text: string) => void;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#tell(decodeLine(this.#pieces, true));
      this.#pieces = [];
      this.#length = 0;
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.slice(0, longestBytes - this.#length);
    if (kept.length > 0) this.#pieces.push(kept);
    this.#length += kept.length;
  }
}

/** Passes on as many lines as the log bears, and says so when it leaves out the rest. */
export function limitNotices(tell: (text: string) => void, clock: Clock): (text: string) => void {
  let since = -Infinity;
  let count = 0;
  return (text) => {
    const now = clock.now();
    if (now - since >= most.withinMs) {
      since = now;
      count = 0;
    }
    count += 1;
    if (count <= most.lines) tell(text);
    else if (count === most.lines + 1) tell(`(more than ${most.lines} lines within 10 s: the rest is left out)`);
  };
}
