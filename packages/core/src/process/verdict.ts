import type { ResolvedProcess } from '../contract/config.ts';
import type { Decision } from '../contract/hooks.ts';
import type { Cause, ExitInfo, ProcessView } from '../contract/process.ts';
import { isTapped } from '../hooks/create.ts';
import type { OutputStore } from '../output/store.ts';
import { exitCause } from './causes.ts';
import type { Sequel } from './ending.ts';
import type { Incarnation } from './incarnation.ts';
import { recognizeCause } from './recognize.ts';
import type { SupervisorHost } from './supervisor-host.ts';

// How much a `diagnose` tap gets to look at.
const evidenceSize = { lines: 100, events: 100 };

/** What an exit is about. */
interface Exiting {
  readonly spec: ResolvedProcess;
  readonly view: ProcessView;
  readonly output: OutputStore;
}

/** What wait(2) told, and what was meant to come after the end, if it was asked for. */
interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ending: Sequel | undefined;
}

/** Puts the end of an incarnation on record: how, why, and its last lines. */
export function concludeExit(
  incarnation: Incarnation,
  { code, signal, ending }: Exit,
  process: Exiting,
  host: SupervisorHost,
): { readonly exit: ExitInfo; readonly lastLines: readonly string[] } {
  process.output.flush();
  incarnation.endLife();
  const lastLines = Object.freeze(process.output.tail(10));
  const condemned = ending?.kind === 'decide' && ending.condemned;
  const info = { ...incarnation.exitInfo(code, signal), condemned };
  const cause = ending?.cause ?? diagnose(info, lastLines, process, host);
  incarnation.exit = Object.freeze({ ...info, cause });
  return { exit: incarnation.exit, lastLines };
}

/** Why it exited: what a plugin recognises, else what it has written, else what wait(2) told. */
function diagnose(
  exit: Omit<ExitInfo, 'cause'>,
  lastLines: readonly string[],
  process: Exiting,
  { hooks, bus }: SupervisorHost,
): Cause {
  const { spec, view, output } = process;
  const plain = recognizeCause(process, exit) ?? exitCause(exit, spec.kind, lastLines);
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
