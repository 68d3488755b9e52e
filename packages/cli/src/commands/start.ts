import type { StartResult } from '@promptbin/core';
import type { ExitCode } from '../exit-codes.ts';
import { tameLine } from '../render/color.ts';
import { callForEach, type Outcome, showOutcomes } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** The process's own deadline decides; this is the longest that the command takes. */
const timeoutSec = 3600;

/** Starts or restarts processes and waits until they are ready. */
export async function start(
  action: 'start' | 'restart',
  names: readonly string[],
  invocation: Invocation,
): Promise<ExitCode> {
  const connection = await connectToProject(invocation);
  const answers = await callForEach<StartResult>(connection, `process.${action}`, names, { timeoutSec });
  const outcomes = answers.map(requireMet);
  if (!invocation.json) for (const { value, error } of outcomes) if (error && value) showWhy(value, invocation);
  return showOutcomes(outcomes, invocation, (processes) => ({ processes }));
}

/** A wait that timed out is a normal answer for an agent; here what was asked for has not come about. */
function requireMet(outcome: Outcome<StartResult>): Outcome<StartResult> {
  const { value, error } = outcome;
  if (error !== undefined || value === undefined || value.met) return outcome;
  return { ...outcome, error: { code: 'PB_WAIT_TIMEOUT', message: value.summary } };
}

function showWhy({ name, cause, newLogs = [] }: StartResult, { err }: Invocation): void {
  const { palette } = err;
  const lines = newLogs.length > 0 ? newLogs.map(({ text }) => text) : (cause?.evidence ?? []);
  for (const line of lines) err.line(`${palette.dim(`${name} │`)} ${tameLine(line, palette)}`);
}
