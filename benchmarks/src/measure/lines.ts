import { createReadStream } from 'node:fs';

/** What has become of the numbered lines of `child write`. */
export interface LineCount {
  readonly lost: number;
  /** Not whole, or with something else in it. */
  readonly torn: number;
  /** Behind one with a greater number. */
  readonly reordered: number;
}

const digits = 10;
const zeros = Buffer.alloc(88, '0');
const lineBytes = digits + 1 + zeros.length;

/** A manager may put something before each line: its last 99 bytes count. */
export async function countLines(file: string, expected: number): Promise<LineCount> {
  const seen = new Uint8Array(expected + 1);
  let [found, torn, reordered, highest] = [0, 0, 0, 0];
  const judge = (bytes: Buffer, from: number, to: number): void => {
    const start = to - lineBytes;
    const line = start < from ? undefined : numberAt(bytes, start);
    const isWhole = line !== undefined && bytes.compare(zeros, 0, zeros.length, start + digits + 1, to) === 0;
    if (!isWhole || line < 1 || line > expected) {
      torn += 1;
      return;
    }
    if (line < highest) reordered += 1;
    highest = Math.max(highest, line);
    if (seen[line] === 0) found += 1;
    seen[line] = 1;
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 4 * 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      judge(bytes, from, end);
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  return { lost: expected - found, torn: torn + (rest.length > 0 ? 1 : 0), reordered };
}

function numberAt(bytes: Buffer, start: number): number | undefined {
  let value = 0;
  for (let index = start; index < start + digits; index += 1) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return bytes[start + digits] === 32 ? value : undefined;
}
