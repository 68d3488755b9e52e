import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { yamlOf } from '../../render/yaml.ts';
import { inspectProject } from '../connection.ts';
import type { Invocation } from '../invocation.ts';

/** Shows the config that holds. */
export async function print(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  const { inspection } = await inspectProject(invocation);
  if (json) out.json({ version: 1, config: inspection.config });
  else out.line(yamlOf(inspection.config).trimEnd());
  return exitCodes.done;
}
