import { constants } from 'node:os';
import type { Cause, CauseCode, ExitInfo } from '../contract/process.ts';
import { plainText } from '../diagnosis/text.ts';

export function makeCause(code: CauseCode, message: string, evidence: readonly string[] = [], hint?: string): Cause {
  return Object.freeze({
    ...{ code, message, evidence: Object.freeze([...evidence]) },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Someone asked for it. */
export const requested = (message: string): Cause => makeCause('requested', message);

/** Why a run goes on that was to be replaced. */
export function notReplaced(cause: Cause): Cause {
  return Object.freeze({ ...cause, message: `the run that was to replace it has failed: ${cause.message}` });
}

/** Whether somebody wants it now: by asking, or by an edit. What else restarts a process must not bring back what has failed. */
export function isWish({ code }: Cause): boolean {
  return code === 'requested' || code === 'filesChanged';
}

type Exit = Pick<ExitInfo, 'code' | 'signal'>;

/** The signal that ended it, also one that a shell tells by an exit code of 128+n. */
export function signalOf({ code, signal }: Exit): string | undefined {
  return signal ?? Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
}

/** What a signal means that no manager sends. */
const meanings: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGKILL: ', not by promptbin',
  SIGSEGV: ': it used memory that is not its own (segmentation fault)',
  SIGABRT: ': it aborted itself',
  SIGBUS: ': it used memory that is not there (bus error)',
  SIGFPE: ': an arithmetic error',
  SIGILL: ': an instruction that this machine does not have',
};

/** `exited with code 3`, `killed by SIGTERM`: what wait(2) tells. */
function describeExit({ code, signal }: Exit): string {
  if (signal !== null) return `killed by ${signal}`;
  if (code === null) return 'ended, nobody knows how: an earlier manager had started it';
  const fromShell = signalOf({ code, signal });
  return fromShell === undefined ? `exited with code ${code}` : `exited with code ${code} (${fromShell})`;
}

/** The cause of an exit that nothing can explain better; the last lines of output are the evidence. */
export function exitCause(
  exit: Exit & Pick<ExitInfo, 'wasReady'>,
  kind: 'service' | 'job',
  lastLines: readonly string[],
): Cause {
  const early = exit.wasReady || kind === 'job' ? '' : ' before it was ready';
  const meaning = exit.signal === null ? '' : (meanings[exit.signal] ?? '');
  // A daemon, mostly: its starter ends at once, and with that the run.
  const isDone = exit.code === 0 && early !== '';
  return makeCause(
    exit.signal === null ? 'exited' : 'signalled',
    `${describeExit(exit)}${early}${meaning}`,
    lastLines
      .map(plainText)
      .filter((line) => line.trim() !== '')
      .slice(-8),
    isDone ? 'Have it stay in the foreground; for what is meant to end, set `kind: job`.' : undefined,
  );
}
