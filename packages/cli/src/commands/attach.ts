import type { ManagerConnection } from '../control/client.ts';
import { abortWhenUnwanted } from '../control/signals.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from './invocation.ts';
import type { Selection } from './options.ts';
import { present, presentJson } from './present.ts';
import { select } from './selection.ts';

/** Shows the manager that holds the project already, with this selection. A signal ends only the showing. */
export async function attach(
  connection: ManagerConnection,
  selection: Selection,
  { json, out, err }: Invocation,
): Promise<ExitCode> {
  const { manager } = await connection.status();
  if (manager.ephemeral) await connection.keep();
  err.note(`Attached to the manager of ${manager.project} that runs already (pid ${manager.pid}); Ctrl-C detaches.`);
  await select(connection, selection);
  const detached = new AbortController();
  abortWhenUnwanted(detached, out);
  const options = { source: connection, screen: out, signal: detached.signal, from: 'now' } as const;
  await (json ? presentJson(options) : present(options));
  err.note(detached.signal.aborted ? 'Detached; the manager goes on.' : 'The manager has ended.');
  return exitCodes.done;
}
