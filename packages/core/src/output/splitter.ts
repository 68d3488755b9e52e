import { decodeLine, splitLines } from './lines.ts';

/** What one chunk did to the lines of its stream. */
export interface Split {
  /** Bytes of its first line that came before it. */
  readonly column: number;
  /** How many lines ended in it. */
  readonly lines: number;
  /** Where the unfinished line after them begins. */
  readonly tail: number;
  /** The lines that ended, when asked for. */
  readonly texts: readonly string[];
}

/** Cuts one stream into lines and keeps the unfinished one. */
export class LineSplitter {
  #pieces: Uint8Array[] = [];
  #column = 0;

  /** @param wanted whether anybody reads the lines: their texts cost ten times as much as finding them */
  push(chunk: Uint8Array, wanted: boolean): Split {
    const column = this.#column;
    const texts: string[] = [];
    let lines = 0;
    let tail = 0;
    this.#column = splitLines(chunk, column, (start, end, next) => {
      if (wanted) texts.push(decodeLine([...this.#pieces, chunk.subarray(start, end)], next > end));
      if (this.#pieces.length > 0) this.#pieces = [];
      lines += 1;
      tail = next;
    });
    // A copy, so that a few bytes do not keep a whole chunk in memory.
    if (tail < chunk.length) this.#pieces.push(chunk.slice(tail));
    return { column, lines, tail, texts };
  }

  get hasPartial(): boolean {
    return this.#column > 0;
  }

  /** The unfinished line, as it would be if `more` were added. */
  partialWith(more: Uint8Array): string {
    return decodeLine([...this.#pieces, more], false);
  }
}
