import type { ManagerEvent } from '../contract/events.ts';
import type { Cause, Condition, ProcessView } from '../contract/process.ts';
import type { ExplainResult, NextStep } from '../contract/results.ts';
import { describeEvent, processOf } from '../state/describe.ts';
import { isHeld } from '../state/phases.ts';
import { summarize } from '../state/summary.ts';
import { describeFailing } from '../state/words.ts';

const chainLength = 12;

/** Why a process is where it is, from its status and its events. Pure. */
export function explain(view: ProcessView, events: readonly ManagerEvent[], logCursor: number): ExplainResult {
  const own = events.filter((event) => processOf(event) === view.name);
  const verdict = verdictOf(view);
  const cause = view.cause ?? causeOfCondition(view) ?? (verdict === 'up' ? undefined : lastExitCause(own));
  return {
    name: view.name,
    summary: summaryOf(view, verdict, cause) + failingPart(view),
    verdict,
    ...(cause === undefined ? {} : { cause }),
    evidence: evidenceOf(cause, verdict === 'up' ? undefined : lastExitCause(own)),
    since: view.since,
    chain: own
      .map((event) => ({ event, described: describeEvent(event) }))
      .filter(({ described }) => described.level !== 'debug')
      .slice(-chainLength)
      .map(({ event, described }) => ({
        seq: event.seq,
        at: new Date(event.at).toISOString(),
        text: described.text,
      })),
    next: nextSteps(view, verdict),
    logCursor,
  };
}

// A condition says little more than its message: then the last lines of the run before are worth showing.
function evidenceOf(cause: Cause | undefined, lastExit: Cause | undefined): readonly string[] {
  const [best = []] = [cause, lastExit].flatMap((one) => (one?.evidence.length ? [one.evidence] : []));
  return best.slice(-8);
}

// That somebody asked for it explains nothing about what waits or starts, nor does an exit about what is well.
function summaryOf(view: ProcessView, verdict: ExplainResult['verdict'], cause: Cause | undefined): string {
  const summary = summarize(view);
  const known = cause === undefined || cause.code === 'requested' || verdict === 'up' || isHeld(view);
  const told = known || summary.includes(cause.message);
  return told ? summary : `${summary}. ${cause.message}`;
}

/** How long what is checked has failed, and what it says while the status still stands. */
function failingPart(view: ProcessView): string {
  const condition = worstOf(view, ({ failing }) => failing !== undefined);
  if (condition?.failing === undefined) return '';
  const said = condition.status === 'false' || condition.message === undefined ? '' : `. ${condition.message}`;
  return `${said} (${describeFailing(condition.failing)})`;
}

function verdictOf(view: ProcessView): ExplainResult['verdict'] {
  if (view.phase === 'completed') return view.kind === 'job' ? 'up' : 'down';
  if (view.phase === 'running')
    return (view.ready && view.healthy !== false) || view.kind === 'job' ? 'up' : 'degraded';
  return (view.phase === 'starting' || view.phase === 'waiting') && !isHeld(view) ? 'starting' : 'down';
}

function causeOfCondition(view: ProcessView): Cause | undefined {
  const bad = worstOf(view, ({ status, message }) => status === 'false' && message !== undefined);
  return bad?.message === undefined
    ? undefined
    : { code: 'unhealthy', message: bad.message, evidence: bad.evidence ?? [] };
}

function worstOf({ conditions, phase }: ProcessView, isBad: (condition: Condition) => boolean): Condition | undefined {
  return phase === 'running' ? [conditions.healthy, conditions.ready].find(isBad) : undefined;
}

function lastExitCause(events: readonly ManagerEvent[]): Cause | undefined {
  const exited = events.findLast((event) => event.type === 'process.exited');
  return exited?.type === 'process.exited' ? exited.data.exit.cause : undefined;
}

function nextSteps(view: ProcessView, verdict: ExplainResult['verdict']): readonly NextStep[] {
  const { name, cause } = view;
  const logs = { command: 'process.logs', input: { name } };
  if (verdict === 'up') return [];
  if (verdict === 'starting') return (view.waitingFor ?? []).length > 0 ? dependencySteps(view) : [logs];
  if (verdict === 'degraded') return [logs, { command: 'process.restart', input: { name } }];
  const start = { command: 'process.start', input: { name } };
  if (cause?.code === 'dependencyDown') return [...dependencySteps(view), start];
  return cause?.code === 'requested' || view.phase === 'stopped' ? [start] : [logs, start];
}

// Waiting sentences begin with the name of the dependency. The cause names all on the way to the one that holds them:
// `dependency "web" waits: dependency "db" failed: …`.
function dependencySteps({ waitingFor = [], cause }: ProcessView): readonly NextStep[] {
  const named = cause?.message.match(/^(?:dependency "[^"]+" waits: )*dependency "([^"]+)"/)?.[1];
  const names = named === undefined ? waitingFor.flatMap((text) => text.match(/^([\w-]+): /)?.[1] ?? []) : [named];
  return names.map((name) => ({ command: 'process.explain', input: { name } }));
}
