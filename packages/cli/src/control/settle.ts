import type { ListResult, ProcessView } from '@promptbin/core';
import { rethrown } from '../fault.ts';
import type { ManagerSource } from './source.ts';

/** Whether it is up as far as it can be: ready, or a job that is done. */
export function isUp(view: ProcessView): boolean {
  return view.ready || view.phase === 'completed';
}

/** Whether something went wrong that will not pass within a moment. */
function isDown(view: ProcessView): boolean {
  return view.phase === 'failed' || (view.phase === 'backoff' && view.attempt >= 2);
}

/** Whether every wanted process has come to a first rest: up, given up, in a crash loop, or waiting for one of these. */
export function isSettled(views: readonly ProcessView[]): boolean {
  const moving = views.filter(
    (view) => view.desired === 'up' && view.phase !== 'running' && !isUp(view) && !isDown(view),
  );
  return moving.length === 0 || (views.some(isDown) && moving.every((view) => view.phase === 'waiting'));
}

/** The processes at their first rest. Resolves early, with what is there, when the signal or the manager ends. */
export async function awaitSettled(source: ManagerSource, signal: AbortSignal): Promise<readonly ProcessView[]> {
  let { processes, eventCursor } = await list(source);
  if (isSettled(processes)) return processes;
  for await (const { type } of source.subscribe({ after: eventCursor, signal })) {
    if (type !== 'process.phase' && type !== 'process.condition' && type !== 'process.desired') continue;
    ({ processes } = await list(source));
    if (isSettled(processes)) break;
  }
  return processes;
}

async function list(source: ManagerSource): Promise<ListResult> {
  const result = await source.call('process.list', {}, { caller: 'cli' });
  if (!result.ok) throw await rethrown(result.error);
  return result.value as ListResult;
}
