import type { SignalResult } from '@promptbin/core';
import { sendableSignals } from '@promptbin/core/views';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fault } from '../fault.ts';
import { ask } from './call.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

const ending: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT', 'SIGTERM']);

/** Sends a signal to the leader of a process. `given` is as `kill` takes it: `HUP`, `hup` or `SIGHUP`. */
export async function signal(name: string, given: string, invocation: Invocation): Promise<ExitCode> {
  const wanted = `SIG${given.toUpperCase().replace(/^SIG/, '')}`;
  const known = sendableSignals.find((one) => one === wanted);
  if (known === undefined) {
    throw await fault('PB_COMMAND_INPUT', `"${given}" is no signal that can be sent.`, {
      hint: `Use one of ${sendableSignals.join(', ')}. What is to end is ended by: promptbin stop ${name}`,
    });
  }
  const connection = await connectToProject(invocation);
  const { pid } = await ask<SignalResult>(connection, 'process.signal', { name, signal: known });
  const { json, out, err } = invocation;
  if (json) out.json({ version: 1, ok: true, name, signal: known, ...(pid !== undefined && { pid }) });
  else {
    out.note(`${known} was sent to ${name} (pid ${pid})`);
    if (ending.has(known))
      err.note(`If it ends of it, that counts as a crash; to end it for good: promptbin stop ${name}`);
  }
  return exitCodes.done;
}
