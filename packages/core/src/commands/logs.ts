import type { ManagedProcess } from '../contract/manager.ts';
import type { OutputLine } from '../contract/process.ts';
import type { LogsResult } from '../contract/results.ts';
import { plural } from '../state/words.ts';
import type { LogsInput } from './specs.ts';

/**
 * The newest lines, or those after a cursor, within `tail` and `maxBytes`. What was left out is said: without a cursor only
 * the newest were asked for.
 */
export function readLogs(process: ManagedProcess, { cursor, tail, stream, maxBytes }: LogsInput): LogsResult {
  const page = process.logs({
    tail: tail + 1,
    ...(cursor === undefined ? {} : { after: cursor }),
    ...(stream === 'all' ? {} : { stream }),
  });
  const chosen = page.lines.slice(-tail);
  const lines = fit(chosen, maxBytes);
  const skipped = cursor !== undefined && page.lines.length > tail;
  const truncated = skipped || lines.length < chosen.length || lines[0] !== chosen[0];
  const dropped = page.dropped > 0 ? `, ${page.dropped} older no longer kept` : '';
  return {
    summary: `${plural(lines.length, 'line')} of ${process.name}${truncated ? ', older left out' : ''}${dropped}`,
    lines,
    nextCursor: page.cursor,
    dropped: page.dropped,
    truncated,
  };
}

/** The newest lines that fit, each with its line break; of a newest one that is too long by itself, the beginning. */
function fit(lines: readonly OutputLine[], maxBytes: number): readonly OutputLine[] {
  const sizeOf = ({ text }: OutputLine): number => Buffer.byteLength(text) + 1;
  const newest = lines.at(-1);
  if (newest !== undefined && sizeOf(newest) > maxBytes) {
    // As a stream, so that a character that is cut in two is left out.
    const text = new TextDecoder().decode(Buffer.from(newest.text).subarray(0, maxBytes - 1), { stream: true });
    return [Object.freeze({ ...newest, text })];
  }
  let bytes = 0;
  const tooOld = lines.findLastIndex((line) => {
    bytes += sizeOf(line);
    return bytes > maxBytes;
  });
  return lines.slice(tooOld + 1);
}
