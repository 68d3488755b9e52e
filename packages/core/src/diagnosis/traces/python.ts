import { levelOf } from '../../state/level.ts';
import { type Frame, isOwnFile, type Trace, type TraceReader } from './trace.ts';

// In a group of exceptions each one is set in by bars; servers write the name of a level before the first line.
const header = /^([\s|+]*)(?:\w+:\s+)?(?:Exception Group )?Traceback \(most recent call last\):$/;
const place = /^\s+File "([^"]+)", line (\d+)(?:, in .*)?$/;
const chained = /^(?:During handling of the above|The above) exception(?:,| was)/;
// Without a header: the place, the source, the mark below it, the message.
const longestSource = 6;
const unparsed = /^(?:Syntax|Indentation|Tab)Error\b/;

/** `Traceback (most recent call last):` with all that it was chained to, or the place of a syntax error, which has no header. */
export const readPythonTrace: TraceReader = (lines, at) => {
  // A chain is as long as the output at most; each part of it is read once.
  let trace = readPart(lines, at);
  for (;;) {
    const next = trace && readChained(lines, trace);
    if (trace === undefined || next === undefined) return trace;
    const { origins, ...origin } = trace;
    trace = { ...next, first: origin.first, origins: [{ ...origin, origins: [] }, ...origins] };
  }
};

function readChained(lines: readonly string[], { last }: Trace): Trace | undefined {
  // Several lines of a message may stand before it.
  const link = lines.slice(last + 1, last + 8).findIndex((line) => chained.test(line.replace(/^[\s|]+/, '')));
  return link < 0 ? undefined : readPart(lines, last + 1 + link + 2);
}

function readPart(lines: readonly string[], first: number): Trace | undefined {
  const line = lines[first] ?? '';
  const inset = header.exec(line)?.[1];
  if (inset === undefined && !place.test(line)) return undefined;
  const frames: Frame[] = [];
  const end = inset === undefined ? Math.min(lines.length, first + longestSource) : lines.length;
  for (let index = inset === undefined ? first : first + 1; index < end; index += 1) {
    const text = (lines[index] ?? '').slice(inset?.length ?? 0);
    if (!/^\s/.test(text))
      return endOf(text, {
        first,
        last: index,
        frames,
        details: detailsAt(lines, index + 1),
        hasHeader: inset !== undefined,
      });
    const [, file, number] = place.exec(text) ?? [];
    if (file !== undefined) frames.unshift({ file, line: Number(number), text: [text], own: isOwnFile(file) });
    else addSource(frames, text);
  }
  return undefined;
}

// Where a message of several lines ends is not marked: at an empty line, or one that a logger has written.
function detailsAt(lines: readonly string[], from: number): readonly string[] {
  const next = lines.slice(from, from + 4);
  const end = next.findIndex((line) => line === '' || line.startsWith('[') || levelOf(line) !== undefined);
  return end < 0 ? next : next.slice(0, end);
}

// What marks the place below the source is not worth a line.
function addSource(frames: Frame[], text: string): void {
  const [frame] = frames;
  if (frame?.text.length === 1 && !/^[\s^~]*$/.test(text)) frames[0] = { ...frame, text: [...frame.text, text] };
}

interface Part extends Pick<Trace, 'first' | 'last' | 'frames' | 'details'> {
  readonly hasHeader: boolean;
}

function endOf(headline: string, { hasHeader, details, ...part }: Part): Trace | undefined {
  if (headline === '' || (!hasHeader && !unparsed.test(headline))) return undefined;
  return { language: 'python', ...part, headline, details, origins: [] };
}
