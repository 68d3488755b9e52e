import { endianness } from 'node:os';
import { canonicalAddress } from './address.ts';
import { readProcFile } from './procfs.ts';
import { Sweep } from './sweep.ts';

/** A TCP socket that listens. */
export interface ListeningSocket {
  /** What a descriptor of it leads to, such as `socket:[4711]`. */
  readonly link: string;
  /** As bound; `0.0.0.0` and `::` are all interfaces. */
  readonly host: string;
  readonly port: number;
}

/** Those of this network namespace, whoever has them. */
export const listeningSockets: Sweep<readonly ListeningSocket[]> = new Sweep(readListeningSockets);

// `0A` is TCP_LISTEN. The columns: number, local address, remote address, state, queues, timer, retransmits, uid, timeout, inode.
const listener = /^ *\d+: ([\dA-F]+):([\dA-F]{4}) \S+ 0A \S+ \S+ \S+ +\d+ +\d+ (\d+) /gm;

function readListeningSockets(): readonly ListeningSocket[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    parseSocketTable(readProcFile(table)?.toString('latin1') ?? ''),
  );
}

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function parseSocketTable(text: string): readonly ListeningSocket[] {
  return [...text.matchAll(listener)].map(([, host = '', port = '', inode]) => ({
    link: `socket:[${inode}]`,
    host: parseAddress(host),
    port: Number.parseInt(port, 16),
  }));
}

/** The kernel prints an address as 32-bit words, each in the byte order of the machine. */
function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => {
    const inOrder = [...Buffer.from(word, 'hex')];
    return endianness() === 'LE' ? inOrder.reverse() : inOrder;
  });
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return canonicalAddress(groups.join(':'));
}
