import type { ResolvedProcess } from '../contract/config.ts';
import type { Decision } from '../contract/hooks.ts';
import type { Cause, ExitInfo, ProcessView } from '../contract/process.ts';
import { isTapped } from '../hooks/create.ts';
import type { OutputStore } from '../output/store.ts';
import { exitCause } from './causes.ts';
import type { SupervisorHost } from './supervisor-host.ts';

// How much a `diagnose` tap gets to look at.
const evidenceSize = { lines: 100, events: 100 };

/** Why it exited: what a plugin recognises, else what wait(2) told. */
export function diagnoseExit(
  exit: Omit<ExitInfo, 'cause'>,
  lastLines: readonly string[],
  { spec, view, output }: { spec: ResolvedProcess; view: ProcessView; output: OutputStore },
  { hooks, bus }: SupervisorHost,
): Cause {
  const plain = exitCause(exit, spec.kind, lastLines);
  if (!isTapped(hooks.diagnose)) return plain;
  const { lines } = output.page({ tail: evidenceSize.lines });
  const { events } = bus.log.since(bus.log.cursor - evidenceSize.events);
  return hooks.diagnose.call(view, { exit: { ...exit, cause: plain }, lines, events }) ?? plain;
}

/** What comes after an exit that nobody asked for: what a plugin says, else success settles it and anything else ends it. */
export function decideExit(exit: ExitInfo, view: ProcessView, { hooks }: SupervisorHost): Decision {
  const decision = hooks.decide.call(view, exit);
  if (decision !== undefined) return decision;
  return exit.code === 0 && !exit.condemned ? { action: 'settle' } : { action: 'giveUp', cause: exit.cause };
}
