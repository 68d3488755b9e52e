import type { MarkerView } from '@promptbin/core';
import { lookAt, type Marker } from './look.ts';
import { hasEnded, isThisHost, isThisProcess } from './owner.ts';

/**
 * Who holds a marker file now; undefined when it is not there. Any file whose presence means a lock will do, such as
 * `.git/index.lock`: one that names no process is held by somebody unknown, and never stale.
 *
 * @param file absolute
 */
export async function inspectMarker(file: string): Promise<MarkerView | undefined> {
  return viewAt(file);
}

export function viewAt(file: string): MarkerView | undefined {
  const marker = lookAt(file);
  return marker && viewMarker(file, marker);
}

export function viewMarker(file: string, { content, mtimeNs }: Marker): MarkerView {
  const ageMs = Math.max(0, Date.now() - Number(mtimeNs / 1_000_000n));
  if (content.kind !== 'owner') return { file, kind: 'unknown', ageMs, stale: false };
  const { owner } = content;
  const { pid, host } = owner;
  if (!isThisHost(owner)) return { file, kind: 'holder', holder: { pid, host }, ageMs, stale: false };
  const alive = !hasEnded(owner);
  return { file, kind: isThisProcess(owner) ? 'ours' : 'holder', holder: { pid, host, alive }, ageMs, stale: !alive };
}
