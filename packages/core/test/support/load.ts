import { get } from 'node:http';

/** What answers at a port of this machine, by a connection of its own; rejects as the connection does. */
export function ask(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = get({ port, host: '127.0.0.1', agent: false }, (response) => {
    response.on('error', reject);
    response.on('data', (data) => resolve(String(data)));
  });
  request.on('error', reject);
  return promise;
}

/** Asks one after the other, twice at once, until told to end; then tells how often each answer or error came. */
export function load(port: number): { end(): Promise<Readonly<Record<string, number>>> } {
  const counts: Record<string, number> = {};
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver) {
      const how = await ask(port).catch((fault: NodeJS.ErrnoException) => fault.code ?? fault.message);
      counts[how] = (counts[how] ?? 0) + 1;
    }
  };
  const running = Promise.all([run(), run()]);
  return {
    async end() {
      isOver = true;
      await running;
      return counts;
    },
  };
}
