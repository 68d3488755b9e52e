import { type Cause, type CauseCode, causeCodes } from '../contract/process.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { makeCause } from './causes.ts';

/** Why a launch was refused. Errors of the port allocator and the runner carry the code of the cause in their details. */
export function refusalCause(fault: unknown): Cause {
  const hint = PromptbinError.is(fault) ? fault.hint : undefined;
  const cause = makeCause(codeOf(fault), messageOf(fault), [], hint);
  const port = portOf(fault);
  return port === undefined ? cause : Object.freeze({ ...cause, port });
}

function portOf(fault: unknown): number | undefined {
  const details = PromptbinError.is(fault) ? fault.details : undefined;
  if (typeof details !== 'object' || details === null || !('port' in details)) return undefined;
  return typeof details.port === 'number' ? details.port : undefined;
}

/** What is short for a moment: descriptors, processes, memory. */
const shortages: readonly unknown[] = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'];

function codeOf(fault: unknown): CauseCode {
  if (shortages.includes((fault as NodeJS.ErrnoException | undefined)?.code)) return 'exhausted';
  const details = PromptbinError.is(fault) ? fault.details : undefined;
  if (typeof details !== 'object' || details === null || !('causeCode' in details)) return 'unknown';
  return causeCodes.find((code) => code === details.causeCode) ?? 'unknown';
}

/** Something could not be ended. */
export function survivorsCause(pids: readonly number[], evidence: readonly string[] = []): Cause {
  return makeCause('unkillable', `still alive after SIGKILL: pid ${pids.join(', ')}`, evidence);
}
