import { open } from 'node:fs/promises';
import type { ManagerEvent } from '../contract/events.ts';
import { decodeEvent, seqOfLine } from './line.ts';
import { listSegments, type Segment } from './segments.ts';

/** Read at a time, bytes: others get their turn in between. */
const chunkSize = 64 * 1024;

/**
 * The events after `after`, oldest first, as far as there are any when they are read. What is missing shows as a gap in
 * `seq`: it has been rotated away meanwhile, it cannot be read, or it is not an event.
 */
export async function* readEvents(folder: string, after: number): AsyncGenerator<ManagerEvent, void, undefined> {
  const segments = segmentsIn(folder);
  const start = segments.findLastIndex(({ first }) => first <= after + 1);
  let newest = after;
  for (const { file } of segments.slice(Math.max(0, start))) {
    for await (const line of linesOf(file)) {
      // Not by reading all that is passed over. Nor is a number told twice, whoever wrote it a second time.
      if (!(seqOfLine(line) > newest)) continue;
      const event = decodeEvent(line);
      if (event === undefined) continue;
      newest = event.seq;
      yield event;
    }
  }
}

/** Without what is being written: that has no end yet. */
async function* linesOf(file: string): AsyncGenerator<string, void, undefined> {
  await using handle = await open(file).catch(() => undefined);
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk = await handle?.read(Buffer.alloc(chunkSize), 0, chunkSize).catch(() => undefined);
    if (chunk === undefined || chunk.bytesRead === 0) return;
    const bytes = Buffer.concat([rest, chunk.buffer.subarray(0, chunk.bytesRead)]);
    const end = bytes.lastIndexOf(10) + 1;
    rest = bytes.subarray(end);
    if (end > 0) yield* bytes.toString('utf8', 0, end - 1).split('\n');
  }
}

function segmentsIn(folder: string): readonly Segment[] {
  try {
    return listSegments(folder);
  } catch {
    return [];
  }
}
