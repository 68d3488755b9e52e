import type { EventMap, ManagerEvent } from '../contract/events.ts';
import type { ExplainResult, Reason } from '../contract/explanation.ts';
import type { CauseCode, ProcessView } from '../contract/process.ts';
import { describeEvent, processOf } from '../state/describe.ts';
import { differing } from '../state/fingerprint.ts';
import { stampOf } from './reasons.ts';

const most = 6;

/** Causes of a restart that lie outside the process. */
const outside: ReadonlySet<CauseCode> = new Set(['requested', 'filesChanged', 'scheduled', 'dependencyRestarted']);

/**
 * What may have to do with it that a process is not ready any more: what was done to it, to its settings and to what it depends on
 * since it was ready for the last time. Pure.
 *
 * @param events of all processes, also under earlier managers; oldest first
 */
export function changesSince(
  view: ProcessView,
  dependencies: readonly string[],
  events: readonly ManagerEvent[],
): ExplainResult['changed'] {
  if (view.ready) return undefined;
  const good = events.findLastIndex((event) => processOf(event) === view.name && isReadyEvent(event));
  const last = events[good];
  if (last === undefined) return undefined;
  const before = lastSpawn(view.name, events.slice(0, good));
  const since = events.slice(good + 1);
  const byText = new Map<string, Reason>();
  // A reload has told more than marks can.
  const isReloaded = since.some(({ type, data }) => type === 'process.configured' && data.name === view.name);
  for (const event of since) {
    const text = describeChange(event, view.name, dependencies, before, isReloaded);
    if (text !== undefined && !byText.has(text)) byText.set(text, { text, ...stampOf(event) });
  }
  return { since: new Date(last.at).toISOString(), what: [...byText.values()].slice(0, most) };
}

function isReadyEvent({ type, data }: ManagerEvent): boolean {
  if (type === 'process.phase') return data.to === 'running' && data.by === 'ready';
  return type === 'process.condition' && data.condition === 'ready' && data.value.status === 'true';
}

function describeChange(
  event: ManagerEvent,
  name: string,
  dependencies: readonly string[],
  before: Spawned | undefined,
  isReloaded: boolean,
): string | undefined {
  const { type, data } = event;
  if (type === 'manager.started') return describeEvent(event).text;
  const subject = processOf(event);
  if (subject === name) {
    // Of a restart the phase tells why.
    if (type === 'process.configured' && data.action === 'restart') return undefined;
    if (type === 'process.configured' || type === 'process.signalled') return describeEvent(event).text;
    const isAgain = type === 'process.phase' && data.by !== 'start' && data.cause !== undefined;
    if (isAgain && outside.has(data.cause.code)) return data.cause.message;
    if (type === 'process.spawned' && before !== undefined) return describeRun(data, before, isReloaded);
  }
  if (subject === undefined || !dependencies.includes(subject)) return undefined;
  const described = describeEvent(event);
  const isTrouble = type === 'process.exited' && described.level !== 'debug';
  return isTrouble || (type === 'process.spawned' && data.restart) ? described.text : undefined;
}

type Spawned = EventMap['process.spawned'];

/** How a run differs from the one that was ready. */
function describeRun(run: Spawned, good: Spawned, isReloaded: boolean): string | undefined {
  // A journal of before has no marks.
  const paths = isReloaded || !run.made || !good.made ? [] : differing(run.made, good.made);
  const moved = run.port !== undefined && good.port !== undefined && run.port !== good.port;
  const texts = [
    ...(moved ? [`it was given port ${run.port}, not ${good.port}`] : []),
    ...(paths.length > 0
      ? [`${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} not as in run ${good.generation}, which was ready`]
      : []),
  ];
  return texts.length === 0 ? undefined : texts.join('; ');
}

function lastSpawn(name: string, events: readonly ManagerEvent[]): Spawned | undefined {
  const spawned = events.findLast((event) => event.type === 'process.spawned' && event.data.name === name);
  return spawned?.type === 'process.spawned' ? spawned.data : undefined;
}
