import type { OutputLine } from '../contract/process.ts';
import { type Level, levelOf } from '../state/level.ts';

const traceback = /^(?:\s*\+ Exception Group )?Traceback \(most recent call last\):/;
const panic = /^(?:panic: |fatal error: |goroutine \d+ )/;
const chained = /^(?:During handling of the above exception|The above exception was the direct cause)/;

/** What the lines of one stream belong to. */
interface Record {
  level: Level;
  /** A traceback goes on to the first line that is not indented, the dump of a panic to the next line with a level. */
  part: 'message' | 'traceback' | 'panic';
  readonly generation: number;
}

/**
 * The level of each line. One that tells none is `info`; what is indented, and a traceback with the exception at its end,
 * belongs to the line that began it.
 */
export function levelsOf(lines: readonly OutputLine[]): readonly Level[] {
  const records: Partial<{ [S in OutputLine['stream']]: Record }> = {};
  return lines.map(({ stream, generation, text }) => {
    const before = records[stream];
    const next = follow(
      before?.generation === generation ? before : { level: 'info', part: 'message', generation },
      text,
    );
    records[stream] = next;
    return next.level;
  });
}

function follow(record: Record, text: string): Record {
  if (traceback.test(text)) return { ...record, level: graver(record.level), part: 'traceback' };
  if (/^\s|^$/.test(text)) return record;
  if (record.part === 'traceback' || chained.test(text))
    return { ...record, level: graver(record.level), part: 'message' };
  if (panic.test(text)) return { ...record, level: 'fatal', part: 'panic' };
  const level = levelOf(text);
  if (level === undefined && record.part === 'panic') return record;
  return { ...record, level: level ?? 'info', part: 'message' };
}

/** Nothing is thrown for less. */
function graver(level: Level): Level {
  return level === 'fatal' ? 'fatal' : 'error';
}
