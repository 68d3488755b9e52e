import type { LogPage, LogQuery, ManagedProcess } from '../contract/manager.ts';
import type { OutputLine } from '../contract/process.ts';
import type { LogLine, LogsResult } from '../contract/results.ts';
import type { ProbeRequest } from '../contract/services.ts';
import { accessOf } from '../state/access-line.ts';
import { isAtLeast } from '../state/level.ts';
import { plural } from '../state/words.ts';
import { resumeFrom } from './cursor.ts';
import { foldFromNewest } from './fold.ts';
import { levelsOf } from './log-levels.ts';
import { compilePattern, matchLines } from './pattern.ts';
import type { LogsInput } from './reading-specs.ts';

/**
 * The newest lines, or those after a cursor, that were asked for, within `tail` and `maxBytes`. What was left out is said:
 * without a cursor and a filter only the newest were asked for.
 *
 * @param probed what the process is asked again and again by its health checks
 * @throws PromptbinError `PB_PATTERN_REFUSED`; the reason of the signal
 */
export async function readLogs(
  process: Pick<ManagedProcess, 'name'> & { logs(query: LogQuery): LogPage },
  input: LogsInput,
  probed: readonly ProbeRequest[],
  signal: AbortSignal,
): Promise<LogsResult> {
  const { tail, stream, maxBytes } = input;
  const { after, note } = resumeFrom(input.cursor, process.logs({ tail: 1 }).cursor);
  const page = process.logs({
    ...(after === undefined ? {} : { after }),
    ...(stream === 'all' ? {} : { stream }),
  });
  // Whoever looks for them by a pattern finds them.
  const shown = input.grep === undefined ? page.lines.filter(({ text }) => !isOfProbe(text, probed)) : page.lines;
  const wanted = await choose(shown, input, signal);
  const folded = newestOf(wanted, tail + 1);
  const chosen = folded.slice(-tail);
  const lines = fit(chosen, maxBytes);
  const isFiltered = input.grep !== undefined || input.level !== undefined;
  const skipped = (after !== undefined || isFiltered) && folded.length > tail;
  const truncated = skipped || lines.length < chosen.length || lines[0] !== chosen[0];
  const filteredOut = page.lines.length - shown.length;
  const told = [
    `${plural(lines.length, isFiltered ? 'fitting line' : 'line')} of ${process.name}`,
    ...(truncated ? ['older left out'] : []),
    ...(page.dropped > 0 ? [`${page.dropped} older no longer kept`] : []),
    ...(filteredOut > 0 ? [`${plural(filteredOut, 'line')} of health checks hidden`] : []),
  ].join(', ');
  return {
    summary: note === undefined ? told : `${told}; ${note}`,
    lines,
    nextCursor: page.cursor,
    dropped: page.dropped,
    truncated,
    filteredOut,
    ...(note === undefined ? {} : { note }),
  };
}

function isOfProbe(text: string, probed: readonly ProbeRequest[]): boolean {
  if (probed.length === 0) return false;
  const access = accessOf(text);
  if (access === undefined || access.status >= 400) return false;
  return probed.some(({ method, path }) => method === access.method && path === access.target);
}

/** Lines that fit the filters, each with its context. */
async function choose(
  lines: readonly OutputLine[],
  { grep, level, contextLines }: LogsInput,
  signal: AbortSignal,
): Promise<readonly OutputLine[]> {
  if (grep === undefined && level === undefined) return lines;
  const found = grep === undefined ? undefined : await matchLines(lines, await compilePattern(grep), signal);
  const levels = level === undefined ? undefined : levelsOf(lines);
  const kept = new Set<number>();
  for (let index = 0; index < lines.length; index += 1) {
    const own = levels?.[index];
    if (found?.[index] === false || (level !== undefined && own !== undefined && !isAtLeast(own, level))) continue;
    const last = Math.min(index + contextLines, lines.length - 1);
    for (let near = Math.max(0, index - contextLines); near <= last; near += 1) kept.add(near);
  }
  return lines.filter((_, index) => kept.has(index));
}

/** At most `count` of them, repeats folded. */
function newestOf(lines: readonly OutputLine[], count: number): readonly LogLine[] {
  return foldFromNewest(lines).take(count).toArray().reverse();
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
