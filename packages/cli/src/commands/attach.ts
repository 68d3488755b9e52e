import type { ManagerConnection } from '../control/client.ts';
import { abortWhenUnwanted } from '../control/signals.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { startNamed } from './call.ts';
import type { Invocation } from './invocation.ts';
import { present, presentJson } from './present.ts';

/** Shows the manager that holds the project already, after starting `names` in it. A signal ends only the showing. */
export async function attach(
  connection: ManagerConnection,
  names: readonly string[],
  { json, out, err }: Invocation,
): Promise<ExitCode> {
  const { manager } = await connection.status();
  if (manager.ephemeral) await connection.keep();
  err.line(`Attached to the manager of ${manager.project} that runs already (pid ${manager.pid}); Ctrl-C detaches.`);
  await startNamed(connection, names);
  const detached = new AbortController();
  abortWhenUnwanted(detached, out);
  const options = { source: connection, screen: out, signal: detached.signal, from: 'now' } as const;
  await (json ? presentJson(options) : present(options));
  err.line(detached.signal.aborted ? 'Detached; the manager goes on.' : 'The manager has ended.');
  return exitCodes.done;
}
