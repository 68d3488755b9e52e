import { connectIfUp, startInBackground } from '../control/background.ts';
import { goneFault, type ManagerConnection } from '../control/client.ts';
import { mcpClient } from '../control/ephemeral.ts';
import { prepareProject } from '../control/project.ts';
import { ReconnectingPort } from '../control/reconnect.ts';
import { listenForSignals } from '../control/signals.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { version } from '../version.ts';
import { configRoot, projectArguments } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { McpOptions, ToolFlags } from './options.ts';

/** Serves MCP clients, with or without a manager; starts one when there is none. */
export async function mcp({ http, ...tools }: McpOptions, invocation: Invocation): Promise<ExitCode> {
  if (http !== undefined) await overHttp(http, tools, invocation);
  else {
    using port = reconnecting(invocation);
    const { serveStdio } = await import('@promptbin/plugin-mcp');
    const connection = await serveStdio({ port, version, ...tools });
    await connection.closed;
  }
  return exitCodes.done;
}

/** Until a signal comes. */
async function overHttp(http: number | true, tools: ToolFlags, invocation: Invocation): Promise<void> {
  const { token: tokenFile } = await prepareProject(await configRoot(invocation));
  using signals = listenForSignals();
  using port = reconnecting(invocation);
  const { serveHttp } = await import('@promptbin/plugin-mcp');
  const service = await serveHttp({ ...tools, port, version, tokenFile, http: http === true ? {} : { port: http } });
  invocation.err.note(`MCP is served at ${service.url}; the bearer token is in ${tokenFile}; Ctrl-C ends it`);
  await signals.first;
  await Promise.race([service.close(), signals.second]);
}

function reconnecting(invocation: Invocation): ReconnectingPort {
  return new ReconnectingPort({
    attach: () => attach(invocation),
    start: (signal) => startEphemeral(invocation, signal),
  });
}

async function attach(invocation: Invocation): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const connection = await connectIfUp(root, { client: mcpClient });
  if (connection === undefined) throw await goneFault(root);
  return connection;
}

async function startEphemeral(invocation: Invocation, signal: AbortSignal): Promise<ManagerConnection> {
  const root = await configRoot(invocation);
  const files = await prepareProject(root);
  const args = ['--ephemeral', ...projectArguments(invocation, root)];
  return startInBackground(files, { args, client: mcpClient, signal });
}
