import { connectIfUp, startInBackground } from '../control/background.ts';
import { goneFault, type ManagerConnection } from '../control/client.ts';
import { prepareProject } from '../control/project.ts';
import { ReconnectingPort } from '../control/reconnect.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { version } from '../version.ts';
import { configRoot, projectArguments } from './connection.ts';
import type { Invocation } from './invocation.ts';

/** Under this name an event stream counts as a client of an ephemeral manager. */
const client = 'mcp';

/** Serves an MCP client on stdin and stdout, with or without a manager; starts one when there is none. */
export async function mcp(invocation: Invocation): Promise<ExitCode> {
  using port = new ReconnectingPort({
    attach: () => attach(invocation),
    start: (signal) => startEphemeral(invocation, signal),
  });
  const { serveStdio } = await import('@promptbin/plugin-mcp');
  const connection = await serveStdio({ port, version });
  await connection.closed;
  return exitCodes.done;
}

async function attach(invocation: Invocation): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const connection = await connectIfUp(root, { client });
  if (connection === undefined) throw await goneFault(root);
  return connection;
}

async function startEphemeral(invocation: Invocation, signal: AbortSignal): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const files = await prepareProject(root);
  return startInBackground(files, { args: ['--ephemeral', ...projectArguments(invocation, root)], client, signal });
}
