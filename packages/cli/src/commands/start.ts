import type { StartResult } from '@promptbin/core';
import type { ExitCode } from '../exit-codes.ts';
import { callForEach } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { showWaited } from './met.ts';

/** The process's own deadline decides; this is the longest that the command takes. */
const timeoutSec = 3600;

/** Starts or restarts processes and waits until they are ready. */
export async function start(
  action: 'start' | 'restart',
  names: readonly string[],
  invocation: Invocation,
): Promise<ExitCode> {
  const connection = await connectToProject(invocation);
  return showWaited(await callForEach<StartResult>(connection, `process.${action}`, names, { timeoutSec }), invocation);
}
