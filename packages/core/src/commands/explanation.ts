import type { ManagerEvent } from '../contract/events.ts';
import type { ExplainResult } from '../contract/explanation.ts';
import type { ManagedProcess } from '../contract/manager.ts';
import type { ProcessView } from '../contract/process.ts';
import type { Bus } from '../kernel/bus.ts';
import { processOf } from '../state/describe.ts';
import { Replay } from '../state/replay.ts';
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
  const views = new Map(host.views().map((one) => [one.name, one]));
  const root = rootOf(name, { view: (other) => views.get(other) });
  const [fact, rootFact] = await Promise.all([factOf(view), root === name ? undefined : factOf(find(root).view)]);
  const factsOf = ({ text, child }: Fact): readonly string[] =>
    child === undefined ? [text] : [text, describeOrigin(child, events, bus.log.start)];
  const facts = new Map([name, root].map((one) => [one, one === name ? fact : rootFact]));
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
      facts: (other) => {
        const told = facts.get(other);
        return told === undefined ? [] : factsOf(told);
      },
    }),
    ...(start === undefined ? {} : { start }),
    ...(changed === undefined ? {} : { changed }),
  };
}

/**
 * The same by the record alone, of a manager that is gone: how it stood when that was last heard of. Undefined when nothing is
 * known of the process.
 *
 * @param events oldest first
 */
export function explainRecord(name: string, events: readonly ManagerEvent[]): ExplainResult | undefined {
  const replay = new Replay();
  for (const event of events) replay.take(event);
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const views = new Map(replay.snapshot(last.at).processes.map((view) => [view.name, view]));
  const view = views.get(name);
  if (view === undefined) return undefined;
  const changed = changesSince(view, [], events);
  return {
    ...explain(view, events, { logCursor: 0, lines: [] }),
    because: reasonsOf(name, { view: (other) => views.get(other), events, lines: () => [], facts: () => [] }),
    ...(changed === undefined ? {} : { changed }),
  };
}
