import { createServer } from 'node:net';

/** Below what the kernel hands out by itself, from 32768 on: else the next one to connect or to listen might get it. */
const range = { from: 10_000, count: 20_000 };

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = range.from + Math.floor(Math.random() * range.count);
    if (await canBind(port)) return port;
  }
}

/** Whether a server could start on the port of 127.0.0.1 at once. */
export async function canBind(port: number): Promise<boolean> {
  const server = createServer();
  const bound = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (bound) await new Promise((resolve) => server.close(resolve));
  return bound;
}
