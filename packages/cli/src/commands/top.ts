import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fault } from '../fault.ts';
import { TopSession } from '../top/session.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Shows every process on the whole terminal, with what it needs, and does what the keys ask for. */
export async function top(invocation: Invocation): Promise<ExitCode> {
  const { stdin } = process;
  if (invocation.out.rows === undefined || !stdin.isTTY) {
    throw await fault('PB_COMMAND_INPUT', '`top` needs a terminal.', { hint: 'In a pipe: promptbin ps --watch' });
  }
  const connection = await connectToProject(invocation);
  const session = new TopSession(connection, invocation);
  await session.run(stdin);
  connection.close();
  if (!session.hasQuit) invocation.err.line('The manager has ended.');
  return exitCodes.done;
}
