import type { Clock } from '../contract/clock.ts';
import type { Call } from '../contract/commands.ts';
import type { ProcessView } from '../contract/process.ts';
import type { WaitResult } from '../contract/results.ts';
import { excerpt } from '../diagnosis/excerpt.ts';
import { isAlive, isHeld, isUp } from '../state/phases.ts';
import { summarize } from '../state/summary.ts';
import { resumeFrom } from './cursor.ts';
import { compilePattern } from './pattern.ts';
import type { WaitInput } from './reading-specs.ts';
import { linesOfRun } from './run-lines.ts';
import { untilLine, type Writing } from './wait-line.ts';

type Until = WaitInput['until'];

/** What came of a wait that has not run out of time. */
interface Outcome {
  readonly met: boolean;
  readonly line?: { readonly seq: number; readonly text: string };
}

const mostNewLogs = 10;
const wishes: Readonly<Record<Until, string>> = {
  ready: 'is not ready',
  running: 'is not running',
  exited: 'has not exited',
  stopped: 'has not stopped',
  log: 'has not written it',
};

/**
 * Waits until a process is what is asked for, or has written a line. That it will not come to that by itself is an answer at once,
 * and that it has not within the time is an answer, too.
 *
 * @throws PromptbinError `PB_PATTERN_REFUSED`, `PB_PROCESS_UNKNOWN` when it is removed meanwhile; the reason of the signal
 */
export async function waitForProcess(
  process: Writing,
  input: WaitInput,
  { signal }: Pick<Call, 'signal'>,
  clock: Clock,
): Promise<WaitResult> {
  const { until, timeoutSec } = input;
  const began = clock.now();
  const before = process.logs({ tail: 1 }).cursor;
  const outcome = await within(timeoutSec * 1000, signal, clock, (enough) =>
    until === 'log' ? untilWritten(process, input, before, enough) : untilState(process, until, enough),
  );
  const { view } = process;
  const state = summarize(view);
  const facts = {
    ...view,
    met: outcome?.met ?? false,
    waitedMs: Math.round(clock.now() - began),
    logCursor: process.logs({ tail: 1 }).cursor,
  };
  if (outcome?.line !== undefined) {
    return { ...facts, summary: `${view.name} has written: ${outcome.line.text}`, matchedLine: outcome.line };
  }
  if (outcome?.met) return { ...facts, summary: until === 'exited' ? summarizeExit(view) : state };
  const reason = outcome === undefined ? `not within ${timeoutSec} s; ${state}` : state;
  const newLogs = excerpt(linesOfRun(process, before), view.cause?.evidence ?? [], mostNewLogs);
  return { ...facts, summary: `${view.name} ${wishes[until]}: ${reason}`, reason, newLogs };
}

/** Undefined when it takes longer. */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const late = new AbortController();
  const timer = clock.after(ms, () => late.abort());
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (fault) {
    if (!late.signal.aborted || signal.aborted) throw fault;
    return undefined;
  } finally {
    timer[Symbol.dispose]();
  }
}

async function untilWritten(
  process: Writing,
  { pattern = '', cursor }: WaitInput,
  newest: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const { after = newest } = resumeFrom(cursor, newest);
  const line = await untilLine(process, await compilePattern(pattern), after, signal);
  return line === undefined ? { met: false } : { met: true, line: { seq: line.seq, text: line.text } };
}

async function untilState(process: Writing, until: Exclude<Until, 'log'>, signal: AbortSignal): Promise<Outcome> {
  const { generation } = process.view;
  const isMet = (view: ProcessView): boolean =>
    states[until](view) || (until === 'exited' && view.generation !== generation);
  const view = await process.until((now) => isMet(now) || isHopeless(now, until), { signal });
  return { met: isMet(view) };
}

const states: Readonly<Record<Exclude<Until, 'log'>, (view: ProcessView) => boolean>> = {
  ready: ({ ready }) => ready,
  running: ({ phase }) => phase === 'running',
  exited: (view) => !isAlive(view) && view.phase !== 'stopping' && !isStuck(view),
  stopped: (view) => !isUp(view) && !isStuck(view),
};

/** It will not come to that by itself. What is tried again may. */
function isHopeless(view: ProcessView, until: Until): boolean {
  return !isUp(view) || (isHeld(view) && (until === 'ready' || until === 'running'));
}

/** What survives SIGKILL has not ended. */
function isStuck({ cause }: ProcessView): boolean {
  return cause?.code === 'unkillable';
}

function summarizeExit(view: ProcessView): string {
  const { name, lastExit } = view;
  if (lastExit === undefined) return summarize(view);
  const how = lastExit.signal ?? `code ${lastExit.code ?? 'unknown'}`;
  return `${name} has exited (${how} at ${lastExit.at}); ${summarize(view)}`;
}
