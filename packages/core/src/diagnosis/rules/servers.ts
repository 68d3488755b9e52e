import { portsIn } from '../addresses.ts';
import { type Found, placed, type Rule } from './rule.ts';

const portOf = ({ text }: Found): number | undefined => portsIn(text)[0];

/** Another server that it needs, such as a database. */
export const servers: readonly Rule[] = [
  {
    code: 'unreachable',
    pattern:
      /\bECONNREFUSED\b|\b(?:connection|connect) refused\b|\bConnect call failed\b|\bactively refused\b|^ConnectionRefusedError\b/i,
    message: (found) => {
      const port = portOf(found);
      return placed(
        found,
        port === undefined ? saying(found.text) : `nobody answers on port ${port}: ${saying(found.text)}`,
      );
    },
    hint: (found) => {
      const port = portOf(found);
      return `Start the server that should listen${port === undefined ? '' : ` on port ${port}`}, or correct its address.`;
    },
    port: portOf,
  },
  {
    code: 'unreachable',
    pattern:
      /\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN)\b|\bcould not translate host name\b|\bName or service not known\b|\bTemporary failure in name resolution\b|\bno such host\b|\bUnknownHostException\b/,
    hint: () => 'Correct the name of the host that it connects to.',
  },
];

// It is logged with a time and a level, which are no part of it.
function saying(text: string): string {
  return text.replace(/^\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+\S* /, '');
}
