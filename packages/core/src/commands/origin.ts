import type { ManagerEvent } from '../contract/events.ts';

interface Child {
  readonly pid: number;
  readonly process: string;
  readonly run: number;
}

/**
 * Where what another manager has started comes from, such as `pid 4411 comes from run 3 of "web", under the manager before this one,
 * which was killed after 14:02`. Pure.
 *
 * @param events also of earlier managers; oldest first
 * @param start `seq` of the last event before this manager
 */
export function describeOrigin(child: Child, events: readonly ManagerEvent[], start: number): string {
  const { pid, process, run } = child;
  const text = `pid ${pid} comes from run ${run} of "${process}"`;
  const before = events.filter(({ seq }) => seq <= start);
  const spawned = before.findLast(
    ({ type, data }) => type === 'process.spawned' && data.name === process && data.generation === run,
  );
  if (spawned === undefined) return `${text} under another manager`;
  const next = events.find(({ type, seq }) => type === 'manager.started' && seq > spawned.seq);
  const previous = next?.type === 'manager.started' ? next.data.previous : undefined;
  if (previous === undefined || previous.endedCleanly) return `${text} under an earlier manager`;
  return `${text} under an earlier manager, which was killed after ${new Date(previous.lastAt).toISOString()}`;
}
