import type { ExitInfo, ResolvedPort } from '@promptbin/core';

/** So many ports in a row, and something else is wrong. */
const mostTries = 10;

/**
 * Whether a start that has failed for its port is tried on the next one, before it counts as a crash. It is still the same
 * start: the policy has no say yet. Pure.
 *
 * @param tries how many ports have been tried in a row
 */
export function triesNextPort(exit: ExitInfo, port: ResolvedPort | undefined, tries: number): boolean {
  if (exit.cause.code !== 'portInUse' || exit.wasReady) return false;
  return port !== undefined && !port.strict && tries < mostTries;
}
