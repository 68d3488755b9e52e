import type { ManagerEvent } from '../contract/events.ts';
import type { Cause, ProcessView } from '../contract/process.ts';
import type { ExplainResult, NextStep } from '../contract/results.ts';
import { describeEvent, processOf } from '../state/describe.ts';
import { summarize } from '../state/summary.ts';

const chainLength = 12;

/** Why a process is where it is, from its status and its events. Pure. */
export function explain(view: ProcessView, events: readonly ManagerEvent[], logCursor: number): ExplainResult {
  const own = events.filter((event) => processOf(event) === view.name);
  const verdict = verdictOf(view);
  const cause = view.cause ?? causeOfCondition(view) ?? (verdict === 'up' ? undefined : lastExitCause(own));
  return {
    name: view.name,
    summary: summaryOf(view, verdict, cause),
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
  const told = cause === undefined || cause.code === 'requested' || verdict === 'up' || summary.includes(cause.message);
  return told ? summary : `${summary}. ${cause.message}`;
}

function verdictOf(view: ProcessView): ExplainResult['verdict'] {
  if (view.phase === 'completed') return view.kind === 'job' ? 'up' : 'down';
  if (view.phase === 'running')
    return (view.ready && view.healthy !== false) || view.kind === 'job' ? 'up' : 'degraded';
  return view.phase === 'starting' || view.phase === 'waiting' ? 'starting' : 'down';
}

function causeOfCondition({ conditions, phase }: ProcessView): Cause | undefined {
  if (phase !== 'running') return undefined;
  const bad = [conditions.healthy, conditions.ready].find(
    ({ status, message }) => status === 'false' && message !== undefined,
  );
  return bad?.message === undefined
    ? undefined
    : { code: 'unhealthy', message: bad.message, evidence: bad.evidence ?? [] };
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

// Waiting sentences begin with the name of the dependency, and so does the cause: `dependency "db" failed`.
function dependencySteps({ waitingFor = [], cause }: ProcessView): readonly NextStep[] {
  const named = cause?.message.match(/^dependency "([^"]+)"/)?.[1];
  const names = named === undefined ? waitingFor.flatMap((text) => text.match(/^([\w-]+): /)?.[1] ?? []) : [named];
  return names.map((name) => ({ command: 'process.explain', input: { name } }));
}
