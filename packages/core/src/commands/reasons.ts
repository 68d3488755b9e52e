import type { ManagerEvent } from '../contract/events.ts';
import type { Reason } from '../contract/explanation.ts';
import type { Cause, Condition, OutputLine, ProcessView } from '../contract/process.ts';
import { errorsOf } from '../diagnosis/errors.ts';
import { processOf } from '../state/describe.ts';
import { isHeld } from '../state/phases.ts';
import { summarize } from '../state/summary.ts';
import { describeFailing } from '../state/words.ts';
import { describeExits, exitsOf } from './exits.ts';

const most = 8;

/** What is known of all processes. */
export interface World {
  view(name: string): ProcessView | undefined;
  /** Of all processes, also under earlier managers; oldest first. */
  readonly events: readonly ManagerEvent[];
  /** The newest of the last run. */
  lines(name: string): readonly OutputLine[];
  /** What the system tells at the moment, in sentences. */
  facts(name: string): readonly string[];
}

/** Why a process is where it is: from that to what it comes from, through those that it depends on. Pure. */
export function reasonsOf(name: string, world: World): readonly Reason[] {
  const path = pathTo(name, world);
  const all = path.flatMap((view, index): readonly Reason[] => {
    const next = path[index + 1];
    const text = next === undefined ? summarize(view) : `${view.name} waits for ${next.name}`;
    return [{ text, ...stampOf(enteredBy(view, world)) }, ...(next === undefined ? ownReasons(view, world) : [])];
  });
  // What has been said is no reason for itself.
  return all.filter(({ text }, index) => !all.slice(0, index).some((one) => one.text.includes(text))).slice(0, most);
}

/** The process whose own troubles hold `name`: itself, or what it waits for. */
export function rootOf(name: string, world: Pick<World, 'view'>): string {
  return pathTo(name, world).at(-1)?.name ?? name;
}

/** From a process to what it waits for, and on to what that waits for. */
function pathTo(name: string, { view: find }: Pick<World, 'view'>): readonly ProcessView[] {
  const path: ProcessView[] = [];
  let next: string | undefined = name;
  while (next !== undefined) {
    const view = find(next);
    if (view === undefined || path.includes(view)) break;
    path.push(view);
    next = awaitedBy(view).find((other) => !isWell(find(other)));
  }
  return path;
}

/** The names with which its waiting sentences begin. */
function awaitedBy({ phase, waitingFor = [] }: ProcessView): readonly string[] {
  return phase === 'waiting' ? waitingFor.flatMap((text) => text.match(/^([\w-]+): /)?.[1] ?? []) : [];
}

function isWell(view: ProcessView | undefined): boolean {
  return view === undefined || view.ready;
}

function ownReasons(view: ProcessView, world: World): readonly Reason[] {
  const own = world.events.filter((event) => processOf(event) === view.name);
  switch (view.phase) {
    case 'failed':
    case 'backoff':
    case 'completed':
      return view.kind === 'job' && view.ready ? [] : endReasons(view, own, world);
    case 'running':
      return view.ready && view.healthy !== false ? restartReasons(view, own) : checkReasons(view, own, world);
    case 'starting':
      return [...restartReasons(view, own), ...conditionReasons('ready', view.conditions.ready, own)];
    case 'waiting':
      return isHeld(view) || awaitedBy(view).length > 0 ? [] : restartReasons(view, own);
    default:
      return [];
  }
}

/** How its runs have ended, what the last one wrote of it, and what the system says to that. */
function endReasons(view: ProcessView, own: readonly ManagerEvent[], world: World): readonly Reason[] {
  const facts = world.facts(view.name).map((text) => ({ text }));
  const exit = exitsOf(own).at(-1);
  // It has failed without a run of its own: what it was to run is not there, or its port.
  if (exit === undefined || isOwnFault(view.cause, exit)) {
    return [...causeReasons(view.cause, own), ...facts];
  }
  const { cause, condemned } = exit.data.exit;
  const exits = describeExits(own);
  const ended = { text: exits ?? cause.message, ...stampOf(exit) };
  const condition = cause.code === 'unhealthy' ? 'healthy' : 'ready';
  return [
    ended,
    ...(condemned ? lastCondition(condition, own) : []),
    ...quote(cause, ended.text, world.lines(view.name)),
    ...facts,
  ];
}

/** A cause that came after the last exit, and is not that it was one too many. */
function isOwnFault(cause: Cause | undefined, exit: ManagerEvent<'process.exited'>): boolean {
  const { code, message } = exit.data.exit.cause;
  return cause !== undefined && cause.code !== 'crashLoop' && (cause.code !== code || cause.message !== message);
}

function causeReasons(cause: Cause | undefined, own: readonly ManagerEvent[]): readonly Reason[] {
  if (cause === undefined) return [];
  return [{ text: cause.message, ...stampOf(own.find(({ seq }) => seq === cause.causedBy)) }];
}

/** It runs and is not well: what its check says, and what it has written itself. */
function checkReasons(view: ProcessView, own: readonly ManagerEvent[], world: World): readonly Reason[] {
  const isUnhealthy = view.conditions.healthy.status === 'false';
  const name = isUnhealthy ? 'healthy' : 'ready';
  const condition = view.conditions[name];
  const { failing } = condition;
  const [error] = errorsOf(world.lines(view.name));
  return [
    ...conditionReasons(name, condition, own),
    ...(failing === undefined ? [] : [{ text: describeFailing(failing) }]),
    ...(error === undefined ? [] : [{ text: `it wrote: ${JSON.stringify(error.message)}`, line: error.lastSeq }]),
  ];
}

function conditionReasons(
  name: 'ready' | 'healthy',
  { status, message }: Condition,
  own: readonly ManagerEvent[],
): readonly Reason[] {
  if (status === 'true' || message === undefined) return [];
  return [{ text: message, ...stampOf(conditionEvent(name, own)) }];
}

/** What was the matter when a run was ended for it. */
function lastCondition(name: 'ready' | 'healthy', own: readonly ManagerEvent[]): readonly Reason[] {
  const event = conditionEvent(name, own);
  const message = event?.data.value.message;
  return message === undefined ? [] : [{ text: message, ...stampOf(event) }];
}

function conditionEvent(
  name: 'ready' | 'healthy',
  own: readonly ManagerEvent[],
): ManagerEvent<'process.condition'> | undefined {
  const all = own.flatMap((event) => (event.type === 'process.condition' ? [event] : []));
  return all.findLast(({ data }) => data.condition === name && data.value.status === 'false');
}

/** Why this run is not the first one. */
function restartReasons(view: ProcessView, own: readonly ManagerEvent[]): readonly Reason[] {
  if (view.restarts === 0) return [];
  const phases = own.flatMap((event) => (event.type === 'process.phase' ? [event] : []));
  const again = phases.findLast(({ data }) => data.to === 'waiting' && data.by !== 'start');
  const exit = exitsOf(own).at(-1);
  const cause = again?.data.cause ?? exit?.data.exit.cause;
  const at = stampOf(again?.data.cause === undefined ? exit : again);
  return cause === undefined ? [] : [{ text: `it was started again: ${cause.message}`, ...at }];
}

/** The line of its output that its cause was read from, unless that says no more than the text before. */
function quote({ evidence, message }: Cause, before: string, lines: readonly OutputLine[]): readonly Reason[] {
  for (const shown of evidence.toReversed()) {
    const text = shown.trim();
    if (text === '' || message.includes(text) || before.includes(text)) continue;
    const line = lines.findLast((one) => one.text.includes(text));
    if (line !== undefined) return [{ text: `it wrote: ${JSON.stringify(text)}`, line: line.seq, at: iso(line.at) }];
  }
  return [];
}

function enteredBy({ name, phase }: ProcessView, { events }: World): ManagerEvent | undefined {
  return events.findLast(({ type, data }) => type === 'process.phase' && data.name === name && data.to === phase);
}

/** Where an event stands in the record. */
export function stampOf(event: ManagerEvent | undefined): Pick<Reason, 'seq' | 'at'> {
  return event === undefined ? {} : { seq: event.seq, at: iso(event.at) };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
