import type { StopResult } from '@promptbin/core';
import type { ExitCode } from '../exit-codes.ts';
import { callForEach, showOutcomes } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Stops processes and everything they started. */
export async function stop(names: readonly string[], invocation: Invocation): Promise<ExitCode> {
  const connection = await connectToProject(invocation);
  const outcomes = await callForEach<StopResult>(connection, 'process.stop', names);
  return showOutcomes(outcomes, invocation, (values) => ({
    processes: values.map(({ receipt: _, ...status }) => status),
    receipts: values.flatMap(({ receipt }) => receipt ?? []),
  }));
}
