import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { unwritable } from './faults.ts';

/** What is locked, and by which file. */
export interface LockPlace {
  readonly path: string;
  readonly marker: string;
}

const suffix = '.lock';

/**
 * One lock for all spellings of a path. A link at its end is a name of its own, as it is to `filelock`.
 *
 * @throws PromptbinError `PB_LOCK_UNWRITABLE` when there is no such folder
 */
export function placeOf(root: string, given: string): LockPlace {
  const absolute = resolve(root, given);
  try {
    const path = join(realpathSync(dirname(absolute)), basename(absolute));
    return { path, marker: path + suffix };
  } catch (fault) {
    throw unwritable(absolute, fault);
  }
}

/** Nobody else uses it. Watchers that pass over `*.lock` pass over it, too. */
export function privateName(marker: string): string {
  return `${stem(marker)}.${process.pid}-${randomBytes(8).toString('hex')}${suffix}`;
}

/** Whether it is a private name for the marker, of whatever process. */
export function isPrivateName(name: string, marker: string): boolean {
  const rest = restOf(name, basename(stem(marker)));
  return rest !== undefined && /^\.\d+-[0-9a-f]{16}\.lock$/.test(rest);
}

/**
 * Whether `filelock` keeps a marker under that name which it has moved: the process `breaker`, or one that puts it back.
 */
export function isMovedName(name: string, marker: string, breaker: number): boolean {
  const found = /^\.(?:break\.(\d+)|restore\.\d+)\.[0-9a-f]{32}$/.exec(restOf(name, basename(marker)) ?? '');
  return found !== null && (found[1] === undefined || Number(found[1]) === breaker);
}

function restOf(name: string, start: string): string | undefined {
  return name.startsWith(start) ? name.slice(start.length) : undefined;
}

function stem(marker: string): string {
  return marker.endsWith(suffix) ? marker.slice(0, -suffix.length) : marker;
}
