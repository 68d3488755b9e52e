import { type Frame, isOwnFile, type Trace, type TraceReader } from './trace.ts';

// `Error: boom`, `TypeError [ERR_X]: boom`, `Exception in thread "main" java.lang.Error: boom`, `Uncaught Error: boom`.
const headlined =
  /^\s*(?:Exception in thread "[^"]*" |Uncaught |Caused by: )?[\w$.]*(?:Error|Exception)\b(?: \[\w+\])?(?:: |:?$)/;
const call = /^\s+at \S/;
const cause = /^\s*Caused by: (.*)/;
// A message may have several lines before the first call.
const longestMessage = 12;
const longestRest = 40;

/** The stack that Node or Java writes of an exception: the message, then one line `at …` for each call. */
export const readStack: TraceReader = (lines, at) => {
  const thrown = readThrown(lines, at);
  const start = thrown?.next ?? at;
  const headline = lines[start] ?? '';
  const from = headlined.test(headline) ? findCalls(lines, start) : undefined;
  if (from === undefined) return thrown && withoutCalls(lines, thrown, at);
  const { frames, next } = readCalls(lines, from);
  const isJava = frames.some(({ file }) => file.endsWith('.java'));
  const { causes, last } = readRest(lines, next);
  const trace: Trace = {
    language: isJava ? 'java' : 'node',
    ...{
      first: at,
      last,
      headline: headline.trim(),
      details: messageOf(lines.slice(start + 1, from)),
      origins: causes,
    },
    // A program that cannot be parsed has made no call: the place is told before the message.
    frames: thrown !== undefined && !frames.some(({ own }) => own) ? [thrown.frame, ...frames] : frames,
  };
  return trace;
};

interface Thrown {
  readonly frame: Frame;
  /** Where the message begins. */
  readonly next: number;
}

/** Before an uncaught exception Node shows where it was thrown: `/app/x.js:3`, the source, a mark below it, an empty line. */
function readThrown(lines: readonly string[], at: number): Thrown | undefined {
  const place = placeOf(lines[at] ?? '');
  if (place === undefined || (lines[at] ?? '').includes(' ')) return undefined;
  const mark = lines.slice(at + 1, at + 5).findIndex((line) => /^\s*\^+$/.test(line));
  if (mark < 0) return undefined;
  const text = [lines[at] ?? '', ...lines.slice(at + 1, at + 1 + mark).slice(0, 1)];
  const gap = lines[at + mark + 2] === '' ? 3 : 2;
  return { frame: { ...place, text }, next: at + mark + gap };
}

// What is thrown need not be an error: `throw 'boom'` has no stack.
function withoutCalls(lines: readonly string[], { frame, next }: Thrown, first: number): Trace | undefined {
  const headline = (lines[next] ?? '').trim();
  if (headline === '') return undefined;
  return { language: 'node', first, last: next, headline, details: [], frames: [frame], origins: [] };
}

function findCalls(lines: readonly string[], start: number): number | undefined {
  // What it announces may be set off by empty lines.
  const listed = lines[start]?.endsWith(':');
  for (let index = start + 1; index <= start + longestMessage && index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (call.test(line)) return index;
    if ((line === '' && !listed) || headlined.test(line)) return undefined;
  }
  return undefined;
}

function messageOf(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== '').slice(0, 4);
}

function readCalls(lines: readonly string[], from: number): { frames: readonly Frame[]; next: number } {
  const frames: Frame[] = [];
  let next = from;
  for (; call.test(lines[next] ?? ''); next += 1) {
    const text = lines[next] ?? '';
    const place = placeOf(text);
    if (place !== undefined)
      frames.push({ ...place, own: place.own && !/^\s+at (?:java|javax|jdk|sun)\./.test(text), text: [text] });
  }
  return { frames, next };
}

/** What follows the calls: the exceptions that it came of, how many calls were left out, properties in braces. */
function readRest(lines: readonly string[], next: number): { causes: readonly Trace[]; last: number } {
  const causes: Trace[] = [];
  let last = next - 1;
  if (lines[last]?.endsWith('{')) {
    const end = lines.slice(next, next + longestRest).indexOf('}');
    return { causes, last: end < 0 ? last : next + end };
  }
  for (let index = next; index < lines.length; ) {
    const line = lines[index] ?? '';
    const headline = cause.exec(line)?.[1];
    if (headline === undefined && !/^\s+\.\.\. \d+ /.test(line)) break;
    const { frames, next: after } = readCalls(lines, index + 1);
    if (headline !== undefined) {
      causes.unshift({ language: 'java', first: index, last: after - 1, headline, details: [], frames, origins: [] });
    }
    last = after - 1;
    index = after;
  }
  return { causes, last };
}

/** `/app/x.js:3`, `at f (/app/x.js:3:7)`, `at Main.main(Main.java:3)`. By hand: a pattern would look at all beginnings. */
function placeOf(line: string): Pick<Frame, 'file' | 'line' | 'own'> | undefined {
  const text = line.trim().replace(/ \{$/, '').replace(/\)$/, '');
  const inner = text.slice(Math.max(text.lastIndexOf('('), text.lastIndexOf(' ')) + 1);
  const parts = inner.split(':');
  const numbers: number[] = [];
  while (numbers.length < 2 && /^\d{1,7}$/.test(parts.at(-1) ?? '')) numbers.unshift(Number(parts.pop()));
  const [number] = numbers;
  const file = parts.join(':').replace(/^file:\/\//, '');
  return number === undefined || file === '' ? undefined : { file, line: number, own: isOwnFile(file) };
}
