import { startLoad, type Tally } from '../../test-support/load.ts';

/** How requests have ended; `reset` were accepted by a process that was killed before it had answered. */
export interface Counts {
  readonly sent: number;
  readonly answered: number;
  readonly refused: number;
  readonly reset: number;
  /** Anything else: codes of connections, and of answers that are not 200. */
  readonly other: readonly string[];
}

/** A steady load of four clients on one URL. */
export function loadOf(url: string): { end(): Promise<Counts> } {
  const load = startLoad(url, { clients: 4, nameOf: ({ status }) => (status === 200 ? 'answered' : String(status)) });
  return { end: async () => countsOf(await load.end()) };
}

function countsOf(tally: Tally): Counts {
  const { answered = 0, ECONNREFUSED: refused = 0, ECONNRESET = 0, EPIPE = 0, ...rest } = tally;
  const sent = Object.values(tally).reduce((sum, count) => sum + count, 0);
  return { sent, answered, refused, reset: ECONNRESET + EPIPE, other: Object.keys(rest) };
}
