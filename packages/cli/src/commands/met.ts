import type { ProcessView, WaitResult } from '@promptbin/core';
import type { ExitCode } from '../exit-codes.ts';
import { tameLine } from '../render/color.ts';
import { type Outcome, showOutcomes } from './call.ts';
import type { Invocation } from './invocation.ts';

/** What came of a wait: for a start, a restart, or for anything else. */
export type Waited = ProcessView & Pick<WaitResult, 'summary' | 'met' | 'newLogs'>;

/** Shows what waits have come to. What is not met is a failure, shown with the lines that tell why. */
export function showWaited(answers: readonly Outcome<Waited>[], invocation: Invocation): ExitCode {
  const outcomes = answers.map(requireMet);
  if (!invocation.json) for (const { value, error } of outcomes) if (error && value) showWhy(value, invocation);
  return showOutcomes(outcomes, invocation, (processes) => ({ processes }));
}

/** A wait that was in vain is a normal answer for an agent; here what was asked for has not come about. */
function requireMet(outcome: Outcome<Waited>): Outcome<Waited> {
  const { value, error } = outcome;
  if (error !== undefined || value === undefined || value.met) return outcome;
  return { ...outcome, error: { code: 'PB_WAIT_TIMEOUT', message: value.summary } };
}

function showWhy({ name, cause, newLogs = [] }: Waited, { err }: Invocation): void {
  const { palette } = err;
  const lines = newLogs.length > 0 ? newLogs.map(({ text }) => text) : (cause?.evidence ?? []);
  for (const line of lines) err.line(`${palette.dim(`${name} │`)} ${tameLine(line, palette)}`);
}
