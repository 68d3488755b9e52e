import type { ExplainResult, NextStep } from '../contract/explanation.ts';
import type { Cause, CauseCode, ProcessView } from '../contract/process.ts';
import type { Fact } from './facts.ts';

/** What an exit shows of these by its evidence is all that there is to read. */
const evident: ReadonlySet<CauseCode> = new Set([
  'requested',
  'portInUse',
  'commandNotFound',
  'missingModule',
  'syntaxError',
  'missingEnv',
  'missingFile',
]);

/** The commands that help now, in order. */
export function nextSteps(
  view: ProcessView,
  verdict: ExplainResult['verdict'],
  cause: Cause | undefined,
  fact: Fact | undefined,
): readonly NextStep[] {
  const { name } = view;
  // Of an exception the lines of its level are all of it, without what was logged before.
  const only = cause?.code === 'exception' ? { level: 'error' } : {};
  const logs = { command: 'process.logs', input: { name, ...only } };
  if (verdict === 'up') return [];
  if (verdict === 'starting') return (view.waitingFor ?? []).length > 0 ? dependencySteps(view) : [logs];
  if (verdict === 'degraded') return [logs, { command: 'process.restart', input: { name } }];
  const start = { command: 'process.start', input: { name } };
  if (cause?.code === 'dependencyDown') return [...dependencySteps(view), start];
  const first = fact?.next === undefined ? [] : [fact.next];
  const isEvident = view.phase === 'stopped' || (cause !== undefined && evident.has(cause.code));
  return [...first, ...(isEvident ? [] : [logs]), start];
}

// Waiting sentences begin with the name of the dependency. The cause names all on the way to the one that holds them:
// `dependency "web" waits: dependency "db" failed: …`.
function dependencySteps({ waitingFor = [], cause }: ProcessView): readonly NextStep[] {
  const named = cause?.message.match(/^(?:dependency "[^"]+" waits: )*dependency "([^"]+)"/)?.[1];
  const names = named === undefined ? waitingFor.flatMap((text) => text.match(/^([\w-]+): /)?.[1] ?? []) : [named];
  return names.map((name) => ({ command: 'process.explain', input: { name } }));
}
