import { CLIENT_INFO_META_KEY, type Server, type ServerContext } from '@modelcontextprotocol/server';
import type { CommandPort, CommandResult } from '@promptbin/core/views';
import { call } from '../call.ts';

/**
 * Calls a command for the request that is being answered; without one, for the server itself. `confirmed`: a person has agreed
 * to just that.
 */
export type Ask = (command: string, input: unknown, ctx?: ServerContext, confirmed?: boolean) => Promise<CommandResult>;

/** Calls commands in the name of the client of a server. */
export function asker(server: Server, port: CommandPort): Ask {
  return (command, input, ctx, confirmed = false) => {
    const who = ctx ? { caller: callerOf(server, ctx), signal: ctx.mcpReq.signal } : { caller: 'mcp' };
    return call(port, command, input, { ...who, confirmed });
  };
}

function callerOf(server: Server, { mcpReq }: ServerContext): string {
  // The type of the envelope says nothing of its keys; the SDK has validated this one.
  const envelope = mcpReq.envelope as
    | { readonly [CLIENT_INFO_META_KEY]?: { readonly name: string; readonly version?: string } }
    | undefined;
  const client = envelope?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  const tidy = (text: string): string => text.replace(/[^\w.@/ +-]/g, '?').slice(0, 64);
  return `mcp:${tidy(client?.name ?? 'unknown')}${client?.version === undefined ? '' : `/${tidy(client.version)}`}`;
}
