import type { StartResult } from '@promptbin/core';
import { movingOf } from '../control/settle.ts';
import type { ExitCode } from '../exit-codes.ts';
import { callForEach } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';
import { showWaited } from './met.ts';
import type { Selection } from './options.ts';
import { sayProgress } from './progress.ts';

/** The process's own deadline decides; this is the longest that the command takes. */
const timeoutSec = 3600;

/** Starts or restarts processes and waits until they are ready. */
export async function start(
  action: 'start' | 'restart',
  { names, dependencies }: Pick<Selection, 'names'> & Partial<Selection>,
  invocation: Invocation,
): Promise<ExitCode> {
  const { json, err } = invocation;
  const connection = await connectToProject(invocation);
  const say = (text: string): void => err.note(err.palette.dim(text));
  using _progress = json ? undefined : sayProgress(connection, (views) => movingOf(views, { names }), say);
  const input = { timeoutSec, ...(dependencies !== undefined && { dependencies }) };
  return showWaited(await callForEach<StartResult>(connection, `process.${action}`, names, input), invocation);
}
