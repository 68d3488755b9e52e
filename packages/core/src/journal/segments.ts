import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the journal. */
export interface Segment {
  /** Absolute. */
  readonly file: string;
  /** The `seq` of its first event, by which it is named. */
  readonly first: number;
}

/** So long that they stand in the order of their names, too. */
const digits = String(Number.MAX_SAFE_INTEGER).length;

export function segmentAt(folder: string, first: number): Segment {
  return { file: join(folder, `${String(first).padStart(digits, '0')}.ndjson`), first };
}

/**
 * All there are, oldest first; none when there is no folder.
 *
 * @throws the fault of the file system, when it cannot be read
 */
export function listSegments(folder: string): readonly Segment[] {
  return namesIn(folder)
    .flatMap((name) => {
      const [, written = ''] = /^(\d+)\.ndjson$/.exec(name) ?? [];
      const first = Number(written);
      return written.length === digits && Number.isSafeInteger(first) && first > 0 ? [segmentAt(folder, first)] : [];
    })
    .toSorted((a, b) => a.first - b.first);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  }
}
