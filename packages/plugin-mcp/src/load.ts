import type { Server } from '@modelcontextprotocol/server';
import type { McpServerOptions } from './server.ts';
import type { ServeStdioOptions, StdioConnection } from './transport.ts';

// Listing the plugin must not load the SDK: 70 to 100 ms in every manager, for what only the bridge needs.

/** A server for one connection, not connected yet: tools, resources and notifications over `options.port`. Close it. */
export async function createMcpServer(options: McpServerOptions): Promise<Server> {
  const server = await import('./server.ts');
  return server.createMcpServer(options);
}

/** Serves one client over stdin and stdout in both eras of the protocol. See {@link StdioConnection}. */
export async function serveStdio(options: ServeStdioOptions): Promise<StdioConnection> {
  const transport = await import('./transport.ts');
  return transport.serveStdio(options);
}
