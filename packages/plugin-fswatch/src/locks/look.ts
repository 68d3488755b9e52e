import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { longestMarker, type MarkerContent, parseMarker } from './marker.ts';

/** A marker as it was at one moment. */
export interface Marker {
  readonly content: MarkerContent;
  readonly bytes: Buffer;
  /** Device and inode: which file it is, whatever its name is by now. */
  readonly identity: string;
  readonly mtimeNs: bigint;
  /** Of the last change of anything; nobody can set it, and it moves when a file is created anew. */
  readonly ctimeNs: bigint;
}

const unread = Buffer.alloc(0);
// A link or a pipe that came in between must neither be followed nor waited for.
const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * What is at the name of a marker; undefined when nothing is. All in one turn, as is what follows from it: other
 * processes are enough to race with.
 */
export function lookAt(file: string): Marker | undefined {
  const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const { dev, ino, mtimeNs, ctimeNs } = stats;
  const node = { bytes: unread, identity: `${dev}:${ino}`, mtimeNs, ctimeNs };
  // Some programs lock by a folder, and renew it.
  if (stats.isDirectory()) return { ...node, content: { kind: 'hidden' } };
  // `filelock` removes links, pipes and sockets, too.
  if (!stats.isFile()) return { ...node, content: { kind: 'malformed' } };
  try {
    return readMarker(file);
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { ...node, content: { kind: 'hidden' } };
  }
}

/** Whether it is still the same file, unchanged. Times can be as coarse as seconds, so its content counts, too. */
export function isSame(marker: Marker | undefined, { identity, mtimeNs, bytes }: Marker): marker is Marker {
  return marker?.identity === identity && marker.mtimeNs === mtimeNs && marker.bytes.equals(bytes);
}

function readMarker(file: string): Marker {
  const descriptor = openSync(file, readOnly);
  try {
    const { dev, ino, mtimeNs, ctimeNs } = fstatSync(descriptor, { bigint: true });
    const buffer = Buffer.alloc(longestMarker + 1);
    const bytes = buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0));
    return { content: parseMarker(bytes), bytes, identity: `${dev}:${ino}`, mtimeNs, ctimeNs };
  } finally {
    closeSync(descriptor);
  }
}
