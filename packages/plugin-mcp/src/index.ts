export type { HttpAddress } from './http/address.ts';
export type { McpHttpHandler, McpHttpOptions } from './http/handler.ts';
export type { HttpService, ServeHttpOptions } from './http/serve.ts';
export { createMcpHttpHandler, createMcpServer, serveHttp, serveStdio } from './load.ts';
export { mcp, mcp as plugin } from './plugin.ts';
export type { McpServerOptions } from './server.ts';
export type { McpOptions } from './settings.ts';
export type { ServeStdioOptions, StdioConnection } from './transport.ts';
