import type { ManagedProcess } from '../contract/manager.ts';
import type { OutputLine } from '../contract/process.ts';
import type { LogsResult } from '../contract/results.ts';
import { plural } from '../state/words.ts';
import type { LogsInput } from './specs.ts';

/** The newest lines, or those after a cursor, within `maxBytes`. What was left out is said. */
export function readLogs(process: ManagedProcess, { cursor, tail, stream, maxBytes }: LogsInput): LogsResult {
  const page = process.logs({
    tail,
    ...(cursor === undefined ? {} : { after: cursor }),
    ...(stream === 'all' ? {} : { stream }),
  });
  const lines: OutputLine[] = [];
  let bytes = 0;
  for (const line of page.lines.toReversed()) {
    bytes += Buffer.byteLength(line.text) + 1;
    if (bytes > maxBytes) break;
    lines.unshift(line);
  }
  const truncated = lines.length < page.lines.length;
  const dropped = page.dropped > 0 ? `, ${page.dropped} older no longer kept` : '';
  return {
    summary: `${plural(lines.length, 'line')} of ${process.name}${truncated ? ', older left out' : ''}${dropped}`,
    lines,
    nextCursor: page.cursor,
    dropped: page.dropped,
    truncated,
  };
}
