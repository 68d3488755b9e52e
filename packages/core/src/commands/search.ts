import type { OutputLine } from '../contract/process.ts';
import type { ProbeRequest } from '../contract/services.ts';
import { Slices } from '../kernel/slices.ts';
import { accessOf } from '../state/access-line.ts';
import { isAtLeast } from '../state/level.ts';
import { LevelReader } from './log-levels.ts';
import { pagesAfter, type Written } from './pages.ts';
import type { LinePattern } from './pattern.ts';
import type { LogsInput } from './reading-specs.ts';
import { Selection } from './selection.ts';

/** So many lines are kept of what is found, the newest. */
const mostFound = 10_000;

/** What is looked for. */
export interface Sought extends Pick<LogsInput, 'level' | 'stream' | 'contextLines'> {
  /** Undefined: from the oldest that is kept. */
  readonly after: number | undefined;
  /** So many of the newest lines are looked at. */
  readonly span: number;
  readonly pattern: LinePattern | undefined;
  /** Requests that are left out with good answers. */
  readonly hidden: readonly ProbeRequest[];
}

export interface Found {
  readonly lines: readonly OutputLine[];
  /** Lines after the cursor that the ring no longer holds; 0 without a cursor. */
  readonly dropped: number;
  readonly hidden: number;
  /** There are older lines that were not looked at, or not kept. */
  readonly isCut: boolean;
}

/** @throws PromptbinError `PB_PATTERN_REFUSED`; the reason of the signal */
export async function search(process: Written, sought: Sought, signal: AbortSignal): Promise<Found> {
  const { after = 0, level, pattern } = sought;
  const of = sought.stream === 'all' ? {} : { stream: sought.stream };
  const { dropped: lost } = process.logs({ after, head: 1 });
  const begin = after + lost;
  const from = Math.max(begin, process.logs({ tail: 1 }).cursor - sought.span);
  const slices = new Slices(signal);
  const levels = new LevelReader();
  const selection = new Selection(sought.contextLines, mostFound);
  let dropped = lost;
  let hidden = 0;
  for (const page of pagesAfter(process, { after: from, ...of })) {
    dropped += page.dropped;
    for (const line of page.lines) {
      if (slices.isOver) await slices.next();
      if (isOfProbe(line, sought.hidden)) {
        hidden += 1;
        continue;
      }
      const isGrave = level === undefined || isAtLeast(levels.read(line), level);
      selection.add(line, isGrave && (pattern?.test(line.text) ?? true));
    }
  }
  return {
    lines: selection.lines,
    dropped: sought.after === undefined ? 0 : dropped,
    hidden,
    isCut: from > begin || selection.isCut,
  };
}

function isOfProbe({ text }: OutputLine, probed: readonly ProbeRequest[]): boolean {
  if (probed.length === 0) return false;
  const access = accessOf(text);
  if (access === undefined || access.status >= 400) return false;
  return probed.some(({ method, path }) => method === access.method && path === access.target);
}
