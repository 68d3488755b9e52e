import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { showTable } from '../render/status.ts';
import { connectToProject } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Shows where every process is. */
export async function ps(invocation: Invocation): Promise<ExitCode> {
  const connection = await connectToProject(invocation);
  const status = await connection.status();
  if (invocation.json) invocation.out.json(status);
  else showTable(invocation.out, status.processes);
  return exitCodes.done;
}
