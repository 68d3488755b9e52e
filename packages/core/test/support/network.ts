import { connect, createServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

export { canBind, freePort } from '../../../../test-support/free-port.ts';

/** Listens on a port of 127.0.0.1 until the test ends; 0 lets the kernel choose. */
export async function listen(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer((connection) => connection.resetAndDestroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { server, port: address.port };
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
