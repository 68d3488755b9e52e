import { relative } from 'node:path';
import { plural } from '@promptbin/core/words';
import { type ExitCode, exitCodeOf, exitCodes } from '../../exit-codes.ts';
import { issuesOf, publicError } from '../../fault.ts';
import { inspectProject } from '../connection.ts';
import type { Invocation } from '../invocation.ts';

/** Tells all mistakes of the config, or that there is none. */
export async function check(invocation: Invocation): Promise<ExitCode> {
  const { json, out } = invocation;
  try {
    const { loaded, inspection } = await inspectProject(invocation);
    const { processes, plugins } = inspection;
    if (json) out.json({ version: 1, ok: true, file: loaded.file, processes, plugins, errors: [] });
    else {
      const counted = [plural(processes.length, 'process', 'processes'), plural(plugins.length, 'plugin')];
      out.note(`${out.palette.green('✔')} ${relative('.', loaded.file)}: ${counted.join(', ')}`);
    }
    return exitCodes.done;
  } catch (cause) {
    const error = publicError(cause);
    if (!json || exitCodeOf(error) !== exitCodes.usage) throw cause;
    out.json({ version: 1, ok: false, errors: issuesOf(cause) ?? [{ path: '', ...error }] });
    return exitCodes.usage;
  }
}
