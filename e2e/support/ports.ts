import { createServer, type Server } from 'node:net';

export { freePort } from '../../test-support/free-port.ts';

/** Resolves when the port can be bound on loopback right now. */
export function bindOnce(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const server = createServer().once('error', reject);
  server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  return promise;
}

/** Listens on a loopback port until it is closed: somebody who was there first. */
export async function occupy(port = 0): Promise<{ port: number } & AsyncDisposable> {
  const server: Server = createServer((connection) => connection.destroy());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const close = (): Promise<void> => new Promise((done) => server.close(() => done()));
  return { port: address.port, [Symbol.asyncDispose]: close };
}
