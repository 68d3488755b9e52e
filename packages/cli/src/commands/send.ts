import type { SendResult } from '@promptbin/core';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { ask } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Writes a line to the stdin of a process. */
export async function send(name: string, text: string, invocation: Invocation): Promise<ExitCode> {
  const connection = await connectToProject(invocation);
  const { summary, ...facts } = await ask<SendResult>(connection, 'process.send', { name, text });
  const { json, out } = invocation;
  if (json) out.json({ version: 1, ok: true, ...facts });
  else out.note(summary);
  return exitCodes.done;
}
