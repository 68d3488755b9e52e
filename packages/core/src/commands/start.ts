import type { Call } from '../contract/commands.ts';
import type { ManagedProcess, UntilOptions } from '../contract/manager.ts';
import type { ProcessView } from '../contract/process.ts';
import type { StartResult } from '../contract/results.ts';
import { excerpt } from '../diagnosis/excerpt.ts';
import { PromptbinError } from '../errors/error.ts';
import { summarize } from '../state/summary.ts';
import type { Fact } from './facts.ts';
import { linesOfRun } from './run-lines.ts';
import type { StartInput } from './specs.ts';

/** Of what was written since the start was asked for, or in the run that it joins. */
const mostLines = 10;

interface Startable extends Pick<ManagedProcess, 'view' | 'logs'> {
  settled(options: UntilOptions): Promise<ProcessView>;
}

interface Starting {
  /** Whether this call does anything. */
  readonly changed: boolean;
  request(): Promise<void>;
  /** What the system tells of why it is down. */
  factOf(view: ProcessView): Promise<Fact | undefined>;
}

/**
 * Asks for a start and waits for what comes of it. One answer says that it has failed, why, and what to do.
 *
 * @throws PromptbinError `PB_START_FAILED` with a `StartResult` as details, `PB_MANAGER_CLOSED`; the reason of the signal
 */
export async function startAndWait(
  process: Startable,
  { wait, timeoutSec }: Pick<StartInput, 'wait' | 'timeoutSec'>,
  { signal }: Call,
  { changed, request, factOf }: Starting,
): Promise<StartResult> {
  const { cursor } = process.logs({ tail: 1 });
  const answer = (view: ProcessView): StartResult => ({ ...view, summary: summarize(view), changed, met: view.ready });
  await request();
  if (wait === 'none') return answer(process.view);
  try {
    return answer(await process.settled({ timeoutMs: timeoutSec * 1000, signal }));
  } catch (fault) {
    if (!PromptbinError.is(fault)) throw fault;
    // A wait that times out is a normal answer: it may still come up.
    if (fault.code === 'PB_WAIT_TIMEOUT') return answer(process.view);
    const { view } = process;
    const newLogs = excerpt(linesOfRun(process, cursor), view.cause?.evidence ?? [], mostLines);
    const fact = await factOf(view);
    // Of a restart that has failed while the run before goes on, the view says that all is well.
    const told = view.ready ? { ...answer(view), met: false, summary: fault.message } : answer(view);
    // A refused port names its holder itself, and does not cut its command as the fact does.
    const isNews = fact !== undefined && !told.summary.includes(fact.text.replace(/\)$/, ''));
    const summary = isNews ? `${told.summary}; ${fact.text}` : told.summary;
    throw new PromptbinError(fault.code, fault.message, {
      hint: fact?.hint ?? fault.hint,
      details: { ...told, summary, newLogs },
    });
  }
}
