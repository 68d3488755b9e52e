import { type Cause, type CauseCode, causeCodes } from '../contract/process.ts';
import { messageOf, PromptbinError } from '../errors/error.ts';
import { makeCause } from './causes.ts';

/** Why a launch was refused. Errors of the port allocator and the runner carry the code of the cause in their details. */
export function refusalCause(fault: unknown): Cause {
  const hint = PromptbinError.is(fault) && fault.hint !== undefined ? [fault.hint] : [];
  return makeCause(codeOf(fault), messageOf(fault), hint);
}

function codeOf(fault: unknown): CauseCode {
  const details = PromptbinError.is(fault) ? fault.details : undefined;
  if (typeof details !== 'object' || details === null || !('causeCode' in details)) return 'unknown';
  return causeCodes.find((code) => code === details.causeCode) ?? 'unknown';
}

/** Something could not be ended. */
export function survivorsCause(pids: readonly number[], evidence: readonly string[] = []): Cause {
  return makeCause('unkillable', `still alive after SIGKILL: pid ${pids.join(', ')}`, evidence);
}
