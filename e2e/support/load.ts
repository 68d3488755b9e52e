import { get } from 'node:http';

/** How requests have ended; `reset` were accepted by a process that was killed before it had answered. */
export interface Counts {
  sent: number;
  answered: number;
  refused: number;
  reset: number;
  /** Anything else, in the words of Node. */
  readonly other: string[];
}

/** A steady load on one URL, each request on a connection of its own: `clients` of them, one request after the other, until it is ended. */
export function startLoad(url: string, clients = 4): { readonly counts: Counts; end(): Promise<Counts> } {
  const counts: Counts = { sent: 0, answered: 0, refused: 0, reset: 0, other: [] };
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver) {
      counts.sent += 1;
      await ask(url, counts);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, run));
  return {
    counts,
    async end() {
      isOver = true;
      await running;
      return counts;
    },
  };
}

function ask(url: string, counts: Counts): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fail = ({ code, message }: NodeJS.ErrnoException): void => {
    if (code === 'ECONNREFUSED') counts.refused += 1;
    else if (code === 'ECONNRESET' || code === 'EPIPE') counts.reset += 1;
    else counts.other.push(code ?? message);
    resolve();
  };
  const request = get(url, { agent: false }, (response) => {
    response.on('error', fail);
    response.resume().on('end', () => {
      if (response.statusCode === 200) counts.answered += 1;
      else counts.other.push(String(response.statusCode));
      resolve();
    });
  });
  request.on('error', fail);
  return promise;
}
