import { constants } from 'node:os';
import type { Cause, CauseCode, ExitInfo } from '../contract/process.ts';

export function makeCause(code: CauseCode, message: string, evidence: readonly string[] = []): Cause {
  return Object.freeze({ code, message, evidence: Object.freeze([...evidence]) });
}

/** Someone asked for it. */
export const requested = (message: string): Cause => makeCause('requested', message);

/** Whether somebody wants it now: by asking, or by an edit. What else restarts a process must not bring back what has failed. */
export function isWish({ code }: Cause): boolean {
  return code === 'requested' || code === 'filesChanged';
}

/** `exited with code 3`, `killed by SIGKILL`: what wait(2) tells, with a shell's 128+n read back as the signal. */
function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `killed by ${signal}`;
  const fromShell = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  return fromShell === undefined ? `exited with code ${code}` : `exited with code ${code} (${fromShell})`;
}

/** The cause of an exit that no plugin can explain better; the last lines of output are the evidence. */
export function exitCause(
  exit: Pick<ExitInfo, 'code' | 'signal' | 'wasReady'>,
  kind: 'service' | 'job',
  lastLines: readonly string[],
): Cause {
  const early = exit.wasReady || kind === 'job' ? '' : ' before it was ready';
  const code = exit.signal === null ? 'exited' : 'signalled';
  return makeCause(
    code,
    `${describeExit(exit.code, exit.signal)}${early}`,
    lastLines.filter((line) => line.trim() !== '').slice(-8),
  );
}
