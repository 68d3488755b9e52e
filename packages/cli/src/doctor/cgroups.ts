import type { Finding } from './finding.ts';

/** By what descendants are found. */
export async function cgroupFinding(): Promise<Finding> {
  const { findCgroup } = await import('@promptbin/core');
  const folder = findCgroup();
  const text =
    folder === undefined
      ? 'none is delegated to this user here: descendants are found by their group, their session and their stamp'
      : `each run has one below ${folder}, so that no descendant gets lost`;
  return { check: 'cgroups', level: 'ok', text };
}
