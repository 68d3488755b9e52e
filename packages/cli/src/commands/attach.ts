import type { ManagerConnection } from '../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { callAll, type Outcome } from './call.ts';
import type { Invocation } from './invocation.ts';
import { present, presentJson } from './present.ts';

/** Shows the manager that holds the project already, and starts `names` in it. Ctrl-C ends only the showing. */
export async function attach(
  connection: ManagerConnection,
  names: readonly string[],
  { json, out, err }: Invocation,
): Promise<ExitCode> {
  const { manager } = await connection.status();
  err.line(`The manager of ${manager.project} is running (pid ${manager.pid}): attached. Ctrl-C detaches.`);
  const detached = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => detached.abort());
  const options = { source: connection, screen: out, signal: detached.signal, from: 'now' } as const;
}
