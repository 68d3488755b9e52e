import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { mcpClient } from './ephemeral.ts';
import { http } from './http.ts';
import { McpMount } from './mcp.ts';
import { handle, isOwnClient, type RouteContext } from './routes.ts';
import { prepareSocketFolder } from './socket-path.ts';
import type { ManagerSource } from './source.ts';
import { upgradeToTerminal } from './terminal-server.ts';

export interface ControlOptions {
  readonly socket: string;
  readonly source: ManagerSource;
  readonly join?: RouteContext['join'];
  /** Default 15 s. */
  readonly heartbeatMs?: number;
  /** Default 15 s. */
  readonly stallMs?: number;
}

/** How long `close` waits for answers that are on their way, ms. */
const farewellMs = 1000;

/**
 * Listens on the control socket. The caller holds the lock of the project, so a socket that stands there is of a manager
 * that is gone. Disposing of the server lets answers out, ends the streams and removes the socket.
 */
export async function serveControl(options: ControlOptions): Promise<AsyncDisposable> {
  const { socket, source, join = () => ({ [Symbol.dispose]() {} }), heartbeatMs = 15_000, stallMs = 15_000 } = options;
  const mcp = new McpMount({ source, join: () => join(mcpClient) });
  const context: RouteContext = { source, join, mcp, stream: { heartbeatMs, stallMs } };
  const server = http.createServer((request, response) => void handle(request, response, context));
  server.on('upgrade', (request, connection, head) => {
    void upgradeToTerminal(request, connection, head, { source, isOwn: isOwnClient(request) });
  });
  await prepareSocketFolder(socket);
  await rm(socket, { force: true });
  server.listen(socket);
  await once(server, 'listening');
  await chmod(socket, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      await mcp[Symbol.asyncDispose]();
      await Promise.race([closed, sleep(farewellMs, undefined, { ref: false })]);
      server.closeAllConnections();
      await rm(socket, { force: true });
    },
  };
}
