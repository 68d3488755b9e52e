import type { OutputLine } from '../contract/process.ts';
import type { ErrorGroup } from '../contract/results.ts';
import { isError } from '../state/level.ts';
import { signatureOf } from '../state/signature.ts';
import { plainText } from './text.ts';
import { findTraces, ownCall } from './traces/find.ts';
import type { Trace } from './traces/trace.ts';

/** One error, written once. */
interface Occurrence {
  readonly message: string;
  readonly first: OutputLine;
  readonly last: OutputLine;
  readonly sample: readonly string[];
}

/** A longer message is cut, characters. */
const longestMessage = 300;

/**
 * The errors in output, newest first: lines that say by themselves that they are errors, and exceptions, each with all its
 * calls as one. Those that differ only in ids, times, paths and numbers are one group. Pure; the time it takes grows with the
 * number of lines and not with their length.
 *
 * @param lines of one process in the order in which they came
 */
export function errorsOf(lines: readonly OutputLine[]): readonly ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  const occurrences = runsOf(lines).flatMap(readErrors);
  for (const occurrence of occurrences.toSorted((a, b) => a.last.seq - b.last.seq)) {
    const signature = signatureOf(occurrence.message);
    groups.set(signature, join(groups.get(signature), occurrence, signature));
  }
  return [...groups.values()].toSorted((a, b) => b.lastSeq - a.lastSeq);
}

/** Streams mix line by line, and no trace goes on in the next run. */
function runsOf(lines: readonly OutputLine[]): readonly (readonly OutputLine[])[] {
  return [...Map.groupBy(lines, ({ stream, generation }) => `${stream} ${generation}`).values()];
}

function readErrors(lines: readonly OutputLine[]): readonly Occurrence[] {
  const texts = lines.map(({ text }) => plainText(text));
  const traces = findTraces(texts).map((trace) => readTrace(trace, texts, lines));
  const traced = new Set(traces.flatMap(({ indices }) => indices));
  const single = lines.flatMap((line, index): Occurrence[] => {
    const text = texts[index] ?? '';
    if (traced.has(index) || !isError(text)) return [];
    const message = text.trim().slice(0, longestMessage);
    return [{ message, first: line, last: line, sample: [message] }];
  });
  return [...traces.flatMap(({ occurrence }) => occurrence), ...single];
}

function readTrace(
  trace: Trace,
  texts: readonly string[],
  lines: readonly OutputLine[],
): { readonly occurrence: readonly Occurrence[]; readonly indices: readonly number[] } {
  const { last, headline } = trace;
  // A logger writes what it was about before the trace.
  const before = texts[trace.first - 1] ?? '';
  const from = isError(before) ? trace.first - 1 : trace.first;
  const indices = Array.from({ length: last - from + 1 }, (_, offset) => from + offset);
  const [start, end] = [lines[from], lines[last]];
  if (start === undefined || end === undefined) return { occurrence: [], indices };
  const message = headline.trim().slice(0, longestMessage);
  const call = ownCall(trace)?.text.slice(0, 2) ?? [];
  const sample = [...(from < trace.first ? [before] : []), ...call, message];
  return { occurrence: [{ message, first: start, last: end, sample }], indices };
}

function join(
  known: ErrorGroup | undefined,
  { message, first, last, sample }: Occurrence,
  signature: string,
): ErrorGroup {
  return {
    signature,
    message,
    count: (known?.count ?? 0) + 1,
    firstSeq: known?.firstSeq ?? first.seq,
    lastSeq: last.seq,
    firstAt: known?.firstAt ?? new Date(first.at).toISOString(),
    lastAt: new Date(last.at).toISOString(),
    sample,
  };
}
