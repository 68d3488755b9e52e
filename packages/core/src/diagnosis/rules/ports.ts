import { portsIn } from '../addresses.ts';
import type { Found, Rule } from './rule.ts';

/** How operating systems, languages and servers say that an address is taken. */
const taken: readonly RegExp[] = [
  // Those that name it first.
  /\bport(?: \S+)? (?:is|was) (?:already )?(?:in use|used|taken|allocated|occupied)/i,
  /\bis port \d+ in use\b/i,
  /already running on port \d+/i,
  /connection in use/i,
  /address (?:is )?already in use/i,
  /\be?addr(?:ess)?_?in_?use\b/i,
  /\[errno (?:48|98|10048)\]/i,
  /only one usage of each socket address/i,
];

/** A path in place of a port: a socket file, which no other port helps. */
const socketFile = /\bunix:|\.sock\b/i;

/** Its port, or the one that it came to bind, is another one's. */
export const ports: readonly Rule[] = taken.map((pattern) => ({
  code: 'portInUse',
  pattern,
  // Redis only warns of it, and ends.
  least: 'warn',
  fits: ({ text }) => !socketFile.test(text),
  message: (found) => {
    const port = portOf(found);
    return port === undefined ? 'its port is already in use' : `port ${port} is already in use`;
  },
  hint: () => 'Stop the program that listens on it, or give this process another port.',
  port: portOf,
}));

/** The one that it was told, if the text does not speak of others alone, such as a debugger's. */
function portOf({ text, process: { port } }: Found): number | undefined {
  const named = portsIn(text);
  return named.length === 0 || (port !== undefined && named.includes(port)) ? port : named.at(-1);
}
