import { setTimeout as sleep } from 'node:timers/promises';
import { isHeld, type ListResult, type ProcessView } from '@promptbin/core/words';
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

export interface SettleOptions {
  /** Only these. Default: all. */
  readonly names?: readonly string[] | undefined;
  /** What is being tried again is not at rest, however often it has failed. Default false. */
  readonly patient?: boolean;
}

/** Whether something went wrong that will not pass within a moment. */
function isDown(view: ProcessView, patient: boolean): boolean {
  return view.phase === 'failed' || (!patient && view.phase === 'backoff' && view.attempt >= 2);
}

/** Whether it has come to a first rest: up, also when it has lost its readiness since, down, or held by what is down. */
function isAtRest(view: ProcessView, patient: boolean): boolean {
  const isBegun = view.phase === 'running' && view.kind === 'service';
  return isUp(view) || isDown(view, patient) || isHeld(view) || isBegun;
}

/** The wanted ones that are neither at rest nor wait for one that is down. */
export function movingOf(
  views: readonly ProcessView[],
  { names, patient = false }: SettleOptions = {},
): readonly ProcessView[] {
  const isNamed = (name: string): boolean => names?.includes(name) ?? true;
  const moving = views.filter((view) => isNamed(view.name) && view.desired === 'up' && !isAtRest(view, patient));
  const isHeldUp = views.some((view) => isDown(view, patient)) && moving.every(({ phase }) => phase === 'waiting');
  return isHeldUp ? [] : moving;
}

/** So many times as long as a look takes, nobody looks: of many processes each has several events. */
const lookShare = 9;

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}

/**
 * The processes at their first rest: all, or those of these names. Resolves early, with what is there, when the signal or
 * the manager ends.
 */
export async function awaitSettled(
  source: ManagerSource,
  signal: AbortSignal,
  options: SettleOptions = {},
): Promise<readonly ProcessView[]> {
  let { processes, eventCursor } = await listProcesses(source);
  if (movingOf(processes, options).length > 0) {
    for await (const { type, seq } of source.subscribe({ after: eventCursor, signal })) {
      // What the last look has shown already is no reason for another one.
      if (!decisive.has(type) || seq <= eventCursor) continue;
      const began = performance.now();
      ({ processes, eventCursor } = await listProcesses(source));
      if (movingOf(processes, options).length === 0) break;
      await rest(lookShare * (performance.now() - began), signal);
    }
  }
  return processes.filter(({ name }) => options.names?.includes(name) ?? true);
}

export async function listProcesses(source: ManagerSource): Promise<ListResult> {
  const result = await source.call('process.list', {}, { caller: 'cli' });
  if (!result.ok) throw await rethrown(result.error);
  return result.value as ListResult;
}
