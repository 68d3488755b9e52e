import type { OutputLine } from '../contract/process.ts';
import { type Level, levelOf } from '../state/level.ts';

const traceback = /^(?:\s*\+ Exception Group )?Traceback \(most recent call last\):/;
const panic = /^(?:panic: |fatal error: |goroutine \d+ )/;
const chained = /^(?:During handling of the above exception|The above exception was the direct cause)/;

/** What the lines of one stream belong to. */
interface Entry {
  level: Level;
  /** A traceback goes on to the first line that is not indented, the dump of a panic to the next line with a level. */
  part: 'message' | 'traceback' | 'panic';
  readonly generation: number;
}

/**
 * Tells the level of each line, in order. One that tells none is `info`; what is indented, and a traceback with the exception at its end,
 * belongs to the line that began it.
 */
export class LevelReader {
  readonly #entries: Partial<{ [S in OutputLine['stream']]: Entry }> = {};

  read({ stream, generation, text }: Pick<OutputLine, 'stream' | 'generation' | 'text'>): Level {
    const before = this.#entries[stream];
    const isOfRun = before?.generation === generation;
    const next = follow(isOfRun ? before : { level: 'info', part: 'message', generation }, text);
    this.#entries[stream] = next;
    return next.level;
  }
}

function follow(entry: Entry, text: string): Entry {
  if (traceback.test(text)) return { ...entry, level: graver(entry.level), part: 'traceback' };
  if (/^\s|^$/.test(text)) return entry;
  if (entry.part === 'traceback' || chained.test(text))
    return { ...entry, level: graver(entry.level), part: 'message' };
  if (panic.test(text)) return { ...entry, level: 'fatal', part: 'panic' };
  const level = levelOf(text);
  if (level === undefined && entry.part === 'panic') return entry;
  return { ...entry, level: level ?? 'info', part: 'message' };
}

/** Nothing is thrown for less. */
function graver(level: Level): Level {
  return level === 'fatal' ? 'fatal' : 'error';
}
