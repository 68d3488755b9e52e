import type { ManagerEvent } from '../contract/events.ts';
import type { ExplainResult } from '../contract/explanation.ts';
import type { Cause, Condition, OutputLine, ProcessView } from '../contract/process.ts';
import { errorsOf } from '../diagnosis/errors.ts';
import { describeEvent, processOf } from '../state/describe.ts';
import { isHeld } from '../state/phases.ts';
import { summarize } from '../state/summary.ts';
import { describeFailing } from '../state/words.ts';
import { describeExits, lastExitCause } from './exits.ts';
import type { Fact } from './facts.ts';
import { nextSteps } from './next-steps.ts';

const chainLength = 12;
const mostEvidence = 8;

/** What an explanation is made of beside the status and the events. */
export interface Traces {
  readonly logCursor: number;
  /** The newest lines of the last run. */
  readonly lines: readonly OutputLine[];
  /** What the system tells at the moment. */
  readonly fact?: Fact | undefined;
}

/** Why a process is where it is, from its status, its events, its output and what the system tells. Pure. */
export function explain(
  view: ProcessView,
  events: readonly ManagerEvent[],
  { logCursor, lines, fact }: Traces,
): Omit<ExplainResult, 'because' | 'start' | 'changed'> {
  const own = eventsOf(view, events);
  const verdict = verdictOf(view);
  const shown = shownCause(view, own, verdict);
  const cause = shown && fact?.hint !== undefined ? { ...shown, hint: fact.hint } : shown;
  return {
    name: view.name,
    summary: [
      summaryOf(view, verdict, cause) + failingPart(view),
      // That it was too often is no reason.
      ...(cause?.code === 'crashLoop' ? [lastExitCause(own)?.message] : []),
      ...(verdict === 'up' ? [] : [cause?.hint]),
    ]
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => sentence.replace(/\.$/, ''))
      .join('. '),
    verdict,
    ...(cause === undefined ? {} : { cause }),
    evidence: evidenceOf(view, verdict, { own, lines, cause, fact }),
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
    next: nextSteps(view, verdict, cause, fact),
    logCursor,
  };
}

/** Why a process is down: of a crash loop, why its last run has ended. Undefined while it is up. Pure. */
export function causeOf(view: ProcessView, events: readonly ManagerEvent[]): Cause | undefined {
  const own = eventsOf(view, events);
  const verdict = verdictOf(view);
  if (verdict === 'up') return undefined;
  const cause = shownCause(view, own, verdict);
  return cause?.code === 'crashLoop' ? lastExitCause(own) : cause;
}

function eventsOf({ name }: ProcessView, events: readonly ManagerEvent[]): readonly ManagerEvent[] {
  return events.filter((event) => processOf(event) === name);
}

function shownCause(
  view: ProcessView,
  own: readonly ManagerEvent[],
  verdict: ExplainResult['verdict'],
): Cause | undefined {
  return view.cause ?? causeOfCondition(view) ?? (verdict === 'up' ? undefined : lastExitCause(own));
}

interface Sources extends Pick<Traces, 'lines' | 'fact'> {
  readonly own: readonly ManagerEvent[];
  readonly cause: Cause | undefined;
}

// What is true now, how often it was so, then what was written. The last lines are the telling ones.
function evidenceOf(
  view: ProcessView,
  verdict: ExplainResult['verdict'],
  { own, lines, cause, fact }: Sources,
): readonly string[] {
  // A condition says little more than its message: then the last lines of the run before are worth showing.
  const causes = [cause, verdict === 'up' ? undefined : lastExitCause(own)];
  const [written = []] = causes.flatMap((one) => (one?.evidence.length ? [one.evidence] : []));
  const isFailing = view.phase === 'failed' || view.phase === 'backoff';
  const exits = isFailing ? describeExits(own) : undefined;
  const first = [fact?.text, exits].filter((text) => text !== undefined);
  const rest = written.filter((line) => !first.some((text) => text.endsWith(line)));
  const errors = isAsked(cause) ? newestError(lines).filter((line) => !rest.includes(line)) : [];
  return [...first, ...[...rest, ...errors].slice(first.length - mostEvidence)];
}

/** What a probe or a deadline has ended says nothing of the program's own words. */
function isAsked(cause: Cause | undefined): boolean {
  return cause?.code === 'unhealthy' || cause?.code === 'startTimeout';
}

function newestError(lines: readonly OutputLine[]): readonly string[] {
  return errorsOf(lines)[0]?.sample ?? [];
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
