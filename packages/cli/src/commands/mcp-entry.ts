import { ownCommand } from '../control/own-command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type McpEntry, mcpClients } from '../mcp-clients.ts';
import { projectArguments, projectRoot } from './connection.ts';
import type { Invocation } from './invocation.ts';
import type { ToolFlags } from './options.ts';

/** Prints what stands in the settings of a client, and says on stderr where. */
export async function printEntry(
  client: keyof typeof mcpClients,
  flags: ToolFlags,
  invocation: Invocation,
): Promise<ExitCode> {
  const { place, entry } = mcpClients[client];
  invocation.err.note(`Paste this into ${place}:`);
  invocation.out.line(entry(mcpEntry(flags, invocation)));
  return exitCodes.done;
}

/** With the folder of the project: some clients start their servers anywhere. */
export function mcpEntry({ toolsets, readonly }: ToolFlags, invocation: Invocation): McpEntry {
  const [command, ...before] = ownCommand();
  const args = [
    ...before,
    'mcp',
    ...projectArguments(invocation, projectRoot(invocation)),
    ...(toolsets.length === 0 ? [] : ['--toolsets', toolsets.join(',')]),
    ...(readonly ? ['--readonly'] : []),
  ];
  return { command, args };
}
