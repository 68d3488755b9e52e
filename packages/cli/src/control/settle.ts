import { isHeld, type ListResult, type ProcessView } from '@promptbin/core/views';
import { rethrown } from '../fault.ts';
import type { ManagerSource } from './source.ts';

/** What may bring a process to its rest. */
const decisive: ReadonlySet<string> = new Set([
  'process.phase',
  'process.condition',
  'process.desired',
  'process.waiting',
]);

/** Whether it is up as far as it can be: ready, or a job that is done. */
export function isUp(view: ProcessView): boolean {
  return view.ready || view.phase === 'completed';
}

/** Whether something went wrong that will not pass within a moment. */
function isDown(view: ProcessView): boolean {
  return view.phase === 'failed' || (view.phase === 'backoff' && view.attempt >= 2);
}

/** Whether it has come to a first rest: up, also when it has lost its readiness since, down, or held by what is down. */
function isAtRest(view: ProcessView): boolean {
  return isUp(view) || isDown(view) || isHeld(view) || (view.phase === 'running' && view.kind === 'service');
}

/** Whether every wanted process, of those that are `named`, is at rest or waits for one that is down. */
export function isSettled(views: readonly ProcessView[], named: (name: string) => boolean = () => true): boolean {
  const moving = views.filter((view) => named(view.name) && view.desired === 'up' && !isAtRest(view));
  return moving.length === 0 || (views.some(isDown) && moving.every((view) => view.phase === 'waiting'));
}

/**
 * The processes at their first rest: all, or those of these names. Resolves early, with what is there, when the signal or
 * the manager ends.
 */
export async function awaitSettled(
  source: ManagerSource,
  signal: AbortSignal,
  names?: readonly string[],
): Promise<readonly ProcessView[]> {
  const named = (name: string): boolean => names?.includes(name) ?? true;
  let { processes, eventCursor } = await listProcesses(source);
  if (!isSettled(processes, named)) {
    for await (const { type } of source.subscribe({ after: eventCursor, signal })) {
      if (!decisive.has(type)) continue;
      ({ processes } = await listProcesses(source));
      if (isSettled(processes, named)) break;
    }
  }
  return processes.filter(({ name }) => named(name));
}

export async function listProcesses(source: ManagerSource): Promise<ListResult> {
  const result = await source.call('process.list', {}, { caller: 'cli' });
  if (!result.ok) throw await rethrown(result.error);
  return result.value as ListResult;
}
