import type { ManagerEvent } from '../contract/events.ts';
import type { ExplainResult } from '../contract/explanation.ts';
import type { ManagedProcess } from '../contract/manager.ts';
import type { ProcessView } from '../contract/process.ts';
import type { Bus } from '../kernel/bus.ts';
import { processOf } from '../state/describe.ts';
import { changesSince } from './changed.ts';
import { explain } from './explain.ts';
import type { Fact } from './facts.ts';
import { describeOrigin } from './origin.ts';
import { reasonsOf, rootOf } from './reasons.ts';
import { recentEvents } from './recent.ts';
import { linesOfRun } from './run-lines.ts';
import { timingOf } from './start-timing.ts';

export interface ExplanationHost {
  readonly bus: Pick<Bus, 'log' | 'past'>;
  /** Wall clock, ms since the epoch. */
  now(): number;
  views(): readonly ProcessView[];
  /** The names of what it depends on. */
  dependenciesOf(name: string): readonly string[];
  /** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
  find(name: string): Pick<ManagedProcess, 'view' | 'logs'>;
  /** What the system tells about why it is down. */
  factOf(view: ProcessView): Promise<Fact | undefined>;
}

/** Gathers what explains where a process is: its status, the record, its output, what it waits for, and the system. */
export async function explainProcess(name: string, host: ExplanationHost): Promise<ExplainResult> {
  const { bus, find, factOf } = host;
  const handle = find(name);
  const events = await recentEvents(bus);
  const { view } = handle;
  const views = viewsByName(host.views());
  const root = rootOf(name, { view: (other) => views.get(other) });
  const [fact, rootFact] = await Promise.all([factOf(view), root === name ? undefined : factOf(find(root).view)]);
  const factsOf = (told: Fact | undefined): readonly string[] => {
    if (told === undefined) return [];
    const { text, child } = told;
    return child === undefined ? [text] : [text, describeOrigin(child, events, bus.log.start)];
  };
  const lines = linesOfRun(handle);
  const start = timingOf(
    view,
    events.filter((event) => processOf(event) === name),
    host.now(),
  );
  const changed = changesSince(view, host.dependenciesOf(name), events);
  return {
    ...explain(view, bus.log.since(0).events, { logCursor: handle.logs({ tail: 1 }).cursor, lines, fact }),
    because: reasonsOf(name, {
      view: (other) => views.get(other),
      events,
      lines: (other) => linesOfRun(find(other)),
      facts: (other) => factsOf(other === name ? fact : other === root ? rootFact : undefined),
    }),
    ...(start === undefined ? {} : { start }),
    ...(changed === undefined ? {} : { changed }),
  };
}

/**
 * The same by the record alone, of a manager that is gone: how it stood when that was last heard of. Undefined when there was no
 * such process.
 *
 * @param processes how they stood
 * @param events oldest first
 */
export function explainRecord(
  name: string,
  processes: readonly ProcessView[],
  events: readonly ManagerEvent[],
): ExplainResult | undefined {
  const views = viewsByName(processes);
  const view = views.get(name);
  if (view === undefined) return undefined;
  const changed = changesSince(view, [], events);
  return {
    ...explain(view, events, { logCursor: 0, lines: [] }),
    because: reasonsOf(name, { view: (other) => views.get(other), events, lines: () => [], facts: () => [] }),
    ...(changed === undefined ? {} : { changed }),
  };
}

function viewsByName(views: readonly ProcessView[]): ReadonlyMap<string, ProcessView> {
  return new Map(views.map((view) => [view.name, view]));
}
