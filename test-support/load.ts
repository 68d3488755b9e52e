import { get } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What answers at a URL, by a connection of its own; rejects as the connection does. */
export function ask(url: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = get(url, { agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('error', reject);
    response.on('data', (part: string) => {
      text += part;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
  });
  request.on('error', reject);
  return promise;
}

/** How often something was seen, such as `answered` or `ECONNREFUSED`. */
export type Tally = Readonly<Record<string, number>>;

/**
 * A steady load on one URL: `clients` of them, each with one request after the other, until it is ended.
 *
 * @param nameOf what an answer counts as; a connection that fails counts as its code
 */
export function startLoad(
  url: string,
  { clients, nameOf }: { readonly clients: number; readonly nameOf: (answer: Answer) => string },
): { end(): Promise<Tally> } {
  const tally: Record<string, number> = {};
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver) {
      const how = await ask(url).then(nameOf, (fault: NodeJS.ErrnoException) => fault.code ?? fault.message);
      tally[how] = (tally[how] ?? 0) + 1;
    }
  };
  const running = Promise.all(Array.from({ length: clients }, run));
  return {
    async end() {
      isOver = true;
      await running;
      return tally;
    },
  };
}
