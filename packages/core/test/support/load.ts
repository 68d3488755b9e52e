import { ask as askUrl, startLoad, type Tally } from '../../../../test-support/load.ts';

const urlOf = (port: number): string => `http://127.0.0.1:${port}/`;

/** What answers at a port of this machine. */
export async function ask(port: number): Promise<string> {
  return (await askUrl(urlOf(port))).text;
}

/** A load on a port of this machine; tells how often each answer or error came. */
export function load(port: number): { end(): Promise<Tally> } {
  return startLoad(urlOf(port), { clients: 2, nameOf: ({ text }) => text });
}
