/** A longer line is cut into pieces, each a line of its own, so that output without line breaks stays bounded. */
export const longestLineBytes: number = 16 * 1024;

const newline = 10;
const carriageReturn = 13;

/** Told of each line that ends in a chunk: the bytes from `start` to `end`; what comes next begins at `next`. */
export type LineVisitor = (start: number, end: number, next: number) => void;

/**
 * Finds where lines end: at a line break, or where one would get longer than 16 KiB, but not inside a UTF-8 sequence. The
 * same bytes give the same lines, however they are divided into chunks.
 *
 * @param column how many bytes of the first line came in earlier chunks
 * @returns how many bytes of an unfinished line there are at the end
 */
export function splitLines(chunk: Uint8Array, column: number, visit: LineVisitor): number {
  let start = 0;
  let before = column;
  let lookAhead = 0;
  for (;;) {
    let end = findNewline(chunk, start, lookAhead);
    const broken = end >= 0;
    if (!broken) end = chunk.length;
    while (before + end - start > longestLineBytes) {
      const cut = findCut(chunk, start, end, before);
      if (cut === end) break;
      visit(start, cut, cut);
      start = cut;
      before = 0;
    }
    if (!broken) return before + end - start;
    visit(start, end, end + 1);
    // A call of indexOf costs as much as looking at some 40 bytes here, and short lines come in rows.
    lookAhead = end - start < 40 ? 40 : 0;
    start = end + 1;
    before = 0;
  }
}

function findNewline(chunk: Uint8Array, start: number, lookAhead: number): number {
  const near = Math.min(start + lookAhead, chunk.length);
  for (let i = start; i < near; i += 1) if (chunk[i] === newline) return i;
  return chunk.indexOf(newline, near);
}

/** Where the line that has `before` bytes already has to be cut; `end` when it need not be. */
function findCut(chunk: Uint8Array, start: number, end: number, before: number): number {
  let cut = start + Math.max(0, longestLineBytes - before);
  // At most three continuation bytes belong to one character; more is not UTF-8.
  const last = start + longestLineBytes + 3 - before;
  while (cut < end && cut < last && ((chunk[cut] ?? 0) & 0xc0) === 0x80) cut += 1;
  return Math.min(cut, end);
}

/** The text of a line from its pieces: without CR before the line break, U+FFFD for what is not UTF-8. */
export function decodeLine(pieces: readonly Uint8Array[], broken: boolean): string {
  const [first] = pieces;
  const bytes = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
  const length = broken && bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8');
}
