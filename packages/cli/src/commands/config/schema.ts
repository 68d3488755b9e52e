import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { publicError } from '../../fault.ts';
import { fallback, loadProbedConfig, projectRoot } from '../connection.ts';
import type { Invocation } from '../invocation.ts';

/** Prints the JSON Schema of the project's config; without one, with all of this project's plugins that are installed. */
export async function schema(invocation: Invocation): Promise<ExitCode> {
  const { schemaOfConfig, schemaOfFolder } = await import('@promptbin/core');
  const loaded = await loadProbedConfig(invocation).catch((cause: unknown) => {
    if (publicError(cause).code !== 'PB_CONFIG_NOT_FOUND' || invocation.config !== undefined) throw cause;
  });
  const found = loaded === undefined ? schemaOfFolder(projectRoot(invocation), fallback) : schemaOfConfig(loaded);
  invocation.out.line(JSON.stringify(await found, null, 2));
  return exitCodes.done;
}
