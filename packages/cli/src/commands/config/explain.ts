import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { showExplanation } from '../../render/explanation.ts';
import { inspectProject } from '../connection.ts';
import type { Invocation } from '../invocation.ts';

/** Shows where a value of the config comes from. */
export async function explain(path: string, invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const { inspection } = await inspectProject(invocation);
  const explanation = await inspection.explain(path);
  if (json) out.json({ version: 1, ...explanation });
  else showExplanation(out, explanation);
  return exitCodes.done;
}
