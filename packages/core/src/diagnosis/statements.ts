import type { OutputLine } from '../contract/process.ts';
import { isAtLeast, type Level, levelOf } from '../state/level.ts';
import { plainText } from './text.ts';
import { findTraces } from './traces/find.ts';
import type { Trace } from './traces/trace.ts';

/** What a program has said in one go: a line, or an exception with all its calls. */
export interface Statement {
  /** The line, or the headline of the exception. */
  readonly text: string;
  readonly trace?: Trace;
  /** All lines of its stream as plain text, and where it stands in them. */
  readonly lines: readonly string[];
  readonly first: number;
  /** `seq` of its last line. */
  readonly seq: number;
}

/** What was said in lines of one incarnation, in order and without empty lines. */
export function readStatements(lines: readonly OutputLine[]): readonly Statement[] {
  const streams = Map.groupBy(lines, ({ stream }) => stream);
  return [...streams.values()].flatMap(readStream).toSorted((a, b) => a.seq - b.seq);
}

function readStream(written: readonly OutputLine[]): readonly Statement[] {
  const lines = written.map(({ text }) => plainText(text));
  const traces = findTraces(lines);
  const traced = new Set(traces.flatMap(({ first, last }) => range(first, last)));
  const seqOf = (index: number): number => written[index]?.seq ?? 0;
  return [
    ...traces.map((trace) => ({ text: trace.headline, trace, lines, first: trace.first, seq: seqOf(trace.last) })),
    ...lines.flatMap((text, first) =>
      traced.has(first) || text.trim() === '' ? [] : [{ text, lines, first, seq: seqOf(first) }],
    ),
  ];
}

/** Whether it was logged below `least`: then it tells what goes on, and not why it ends. What has no level may tell why. */
export function isBelow({ text, trace }: Statement, least: Level): boolean {
  const level = trace === undefined ? levelOf(text) : undefined;
  return level !== undefined && !isAtLeast(level, least);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}
