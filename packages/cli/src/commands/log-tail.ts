import { open, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { OutputLine } from '@promptbin/core';

/** How much of the end of a log is looked at, bytes. */
const readBytes = 1024 * 1024;
const newline = 10;

/** A line of a log file; what it is beside its text only a record tells. */
export type FileLine = Pick<OutputLine, 'text'> & Partial<OutputLine>;

/** The lines at the end of a log, of its last MiB: what was rotated away is read on from. */
export async function lastLines(file: string): Promise<readonly FileLine[]> {
  const parts: Buffer[] = [];
  let length = 0;
  let isCut = false;
  for (let index = 0; length < readBytes; index += 1) {
    const part = await readEnd(index === 0 ? file : `${file}.${index}`, readBytes - length, index > 0);
    // One that is not there yet, with older ones behind it.
    if (part === undefined && index > 0) break;
    parts.unshift(part?.bytes ?? Buffer.alloc(0));
    length += part?.bytes.length ?? 0;
    isCut = part?.isCut ?? false;
    if (isCut) break;
  }
  const all = Buffer.concat(parts);
  const text = all.toString('utf8', 0, all.at(-1) === newline ? all.length - 1 : all.length);
  if (text === '') return [];
  // Where a file was cut, its first line is a part of one.
  return text
    .split('\n')
    .slice(isCut ? 1 : 0)
    .map(readLine);
}

/** The last `most` bytes of a file, or of its compressed form; undefined when there is neither. */
async function readEnd(
  file: string,
  most: number,
  mayBePacked: boolean,
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean } | undefined> {
  // It is made before the other one is removed.
  const packed = mayBePacked ? await readFile(`${file}.gz`).catch(() => undefined) : undefined;
  if (packed !== undefined) {
    const bytes = await promisify(gunzip)(packed);
    return { bytes: bytes.subarray(Math.max(0, bytes.length - most)), isCut: bytes.length > most };
  }
  await using handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  const { size } = await handle.stat();
  const start = Math.max(0, size - most);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  return { bytes: buffer.subarray(0, bytesRead), isCut: start > 0 };
}

function readLine(line: string): FileLine {
  if (!line.startsWith('{"seq":')) return { text: line };
  try {
    const record = JSON.parse(line) as FileLine;
    return typeof record.text === 'string' && typeof record.at === 'number' ? record : { text: line };
  } catch {
    return { text: line };
  }
}
