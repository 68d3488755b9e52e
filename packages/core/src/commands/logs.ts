import type { OutputLine } from '../contract/process.ts';
import type { LogLine, LogsResult } from '../contract/results.ts';
import type { ProbeRequest } from '../contract/services.ts';
import { plural } from '../state/words.ts';
import { resumeFrom } from './cursor.ts';
import { foldFromNewest } from './fold.ts';
import type { Written } from './pages.ts';
import { compilePattern } from './pattern.ts';
import type { LogsInput } from './reading-specs.ts';
import { type Found, type Sought, search } from './search.ts';

/** So many lines are looked at by a filter; without one, first some for each that is to be shown, and then some more. */
const spans = { filtered: 200_000, perLine: 4, plain: 10_000 };

/**
 * The newest lines, or those after a cursor, that were asked for, within `tail` and `maxBytes`. What was left out is said:
 * without a cursor and a filter only the newest were asked for.
 *
 * @param probed what the process is asked again and again by its health checks
 * @throws PromptbinError `PB_PATTERN_REFUSED`; the reason of the signal
 */
export async function readLogs(
  process: Written & { readonly name: string },
  input: LogsInput,
  probed: readonly ProbeRequest[],
  signal: AbortSignal,
): Promise<LogsResult> {
  const { tail, grep, level, maxBytes } = input;
  const nextCursor = process.logs({ tail: 1 }).cursor;
  const { after, note } = resumeFrom(input.cursor, nextCursor);
  const isFiltered = grep !== undefined || level !== undefined;
  const pattern = grep === undefined ? undefined : await compilePattern(grep);
  // Whoever looks for them by a pattern finds them.
  const sought = { ...input, after, pattern, hidden: grep === undefined ? probed : [] };
  const widths = isFiltered ? [spans.filtered] : [spans.perLine * tail, spans.plain];
  const { found, folded } = await searchAndFold(process, sought, widths, tail + 1, signal);
  const chosen = folded.slice(-tail);
  const lines = fit(chosen, maxBytes);
  const skipped = (after !== undefined || isFiltered) && (folded.length > tail || found.isCut);
  const truncated = skipped || lines.length < chosen.length || lines[0] !== chosen[0];
  const told = [
    `${plural(lines.length, isFiltered ? 'fitting line' : 'line')} of ${process.name}`,
    ...(truncated ? ['older left out'] : []),
    ...(found.dropped > 0 ? [`${found.dropped} older no longer kept`] : []),
    ...(found.hidden > 0 ? [`${plural(found.hidden, 'line')} of health checks hidden`] : []),
  ].join(', ');
  return {
    summary: note === undefined ? told : `${told}; ${note}`,
    lines,
    nextCursor,
    dropped: found.dropped,
    truncated,
    filteredOut: found.hidden,
    ...(note === undefined ? {} : { note }),
  };
}

/** Looks at more of them as long as what is found folds into too few. */
async function searchAndFold(
  process: Written,
  sought: Omit<Sought, 'span'>,
  widths: readonly number[],
  count: number,
  signal: AbortSignal,
): Promise<{ readonly found: Found; readonly folded: readonly LogLine[] }> {
  const [span = 0, ...wider] = widths;
  const found = await search(process, { ...sought, span }, signal);
  const folded = foldFromNewest(found.lines).take(count).toArray().reverse();
  if (folded.length === count || !found.isCut || wider.length === 0) return { found, folded };
  return searchAndFold(process, sought, wider, count, signal);
}

/** The newest lines that fit, each with its line break; of a newest one that is too long by itself, the beginning. */
function fit(lines: readonly LogLine[], maxBytes: number): readonly LogLine[] {
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
