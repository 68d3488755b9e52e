import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ManagerEvent } from '../contract/events.ts';
import { decodeEvent } from './line.ts';

/** How much is read at first, and mostly at all, bytes. */
const firstLook = 64 * 1024;
const lineBreak = 10;

/** The end of a file of the journal. */
export interface Tail {
  /** The length of what is whole, bytes: what comes after the last line break was torn. */
  readonly whole: number;
  /** Bytes after that. */
  readonly torn: number;
  /** The last ones, oldest first; none when no line of the file is an event. */
  readonly events: readonly ManagerEvent[];
}

/**
 * Reads the end of a file, and no more than it takes to find an event.
 *
 * @throws the fault of the file system
 */
export function readTail(file: string): Tail {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    for (let length = firstLook; ; length *= 4) {
      const start = Math.max(0, size - length);
      const bytes = readFrom(descriptor, start, size - start);
      const end = bytes.lastIndexOf(lineBreak) + 1;
      // What it begins with is half a line, but at the beginning of the file.
      const begin = start === 0 ? 0 : bytes.indexOf(lineBreak) + 1;
      const events = bytes
        .toString('utf8', begin, end)
        .split('\n')
        .flatMap((line) => decodeEvent(line) ?? []);
      if (events.length > 0 || start === 0) return { whole: start + end, torn: bytes.length - end, events };
    }
  } finally {
    closeSync(descriptor);
  }
}

function readFrom(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, bytes, done, length - done, start + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
