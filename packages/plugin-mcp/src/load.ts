import type { Server } from '@modelcontextprotocol/server';
import type { McpHttpHandler, McpHttpOptions } from './http/handler.ts';
import type { HttpService, ServeHttpOptions } from './http/serve.ts';
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

/** Serves MCP over HTTP to programs of this machine that know the token, in both eras of the protocol. See {@link HttpService}. */
export async function serveHttp(options: ServeHttpOptions): Promise<HttpService> {
  const serve = await import('./http/serve.ts');
  return serve.serveHttp(options);
}

/** Answers requests of Streamable HTTP for an HTTP server of your own, which decides whom to let in. */
export async function createMcpHttpHandler(options: McpHttpOptions): Promise<McpHttpHandler> {
  const handler = await import('./http/handler.ts');
  return handler.createMcpHttpHandler(options);
}
