import type { Level, OutputLine } from '@promptbin/core/views';
import { momentOf } from './moments.ts';
import type { LogsOptions } from './options.ts';

type Line = Omit<OutputLine, 'name' | 'seq'>;

/** So many of the newest lines of each process, when it is not said since when. */
export const usualLines = 50;

/** Which lines are to be shown. */
export interface LogFilter {
  /** Since when, ms since the epoch. */
  readonly since: number | undefined;
  /** Whether it lets everything through. */
  readonly isOpen: boolean;
  /** For the lines of one process, in order: each has to be asked about, for a traceback has the level of its first line. */
  forProcess(): (line: Line) => boolean;
}

/** @throws PromptbinError `PB_COMMAND_INPUT`, `PB_PATTERN_REFUSED` */
export async function createFilter({ grep, level, since, until }: LogsOptions): Promise<LogFilter> {
  const { compilePattern, isAtLeast, LevelReader } = await import('@promptbin/core/views');
  const from = since === undefined ? undefined : await momentOf('--since', since);
  const to = until === undefined ? undefined : await momentOf('--until', until);
  const pattern = grep === undefined ? undefined : await compilePattern(grep);
  const isGraveEnough = (found: Level): boolean => level === undefined || isAtLeast(found, level);
  return {
    since: from,
    isOpen: [from, to, pattern, level].every((one) => one === undefined),
    forProcess() {
      const reader = new LevelReader();
      return (line) => {
        const fits = isGraveEnough(reader.read(line));
        if (!fits || line.at < (from ?? line.at) || line.at > (to ?? line.at)) return false;
        return pattern?.test(line.text) ?? true;
      };
    },
  };
}
