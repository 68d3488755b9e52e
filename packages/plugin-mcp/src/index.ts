export { createMcpServer, serveStdio } from './load.ts';
export { type McpOptions, mcp, mcp as plugin } from './plugin.ts';
export type { McpServerOptions } from './server.ts';
export type { ServeStdioOptions, StdioConnection } from './transport.ts';
