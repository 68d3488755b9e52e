import type { ExitInfo, ProcessView, ResolvedPort } from '@promptbin/core';

/** So many ports in a row, and something else is wrong. */
const mostTries = 10;

/**
 * Whether a start that has failed for its port is tried on the next one, before it counts as a crash. It is still the same
 * start: the policy has no say yet. Pure.
 *
 * @param tries how many ports have been tried in a row
 */
export function triesNextPort(
  { cause, wasReady }: ExitInfo,
  { port }: Pick<ProcessView, 'port'>,
  wanted: ResolvedPort | undefined,
  tries: number,
): boolean {
  // Of what could not be bound only its own port can be another one: a debugger's is not ours to give.
  if (cause.code !== 'portInUse' || wasReady || port === undefined || (cause.port ?? port) !== port) return false;
  return wanted !== undefined && !wanted.strict && tries < mostTries;
}
