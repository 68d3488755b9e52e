import { existsSync, linkSync, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSame, lookAt, type Marker } from './look.ts';
import { isMovedName, isPrivateName, privateName } from './names.ts';
import { hasEnded } from './owner.ts';

/** Under a private name a record is written within a moment; what is not after this long was cut off, ms. */
const cutOffMs = 60_000;

/**
 * Removes the marker that was judged, and no other. Between the last look and the rename it may have been removed by a
 * rival, and its name taken by a new holder; then the marker of that one is put back. All in one turn, so that the rival
 * has some microseconds for it, and a third one as few to take the name that stands empty meanwhile: only then do two
 * hold the lock. Node has no call that exchanges two names.
 *
 * @returns whether it is gone; false when it was another one by then. Throws what the file system does
 */
export function breakMarker(file: string, judged: Marker): boolean {
  const aside = privateName(file);
  if (!isSame(lookAt(file), judged)) return false;
  try {
    renameSync(file, aside);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fault;
  }
  const isJudged = isSame(lookAt(aside), judged);
  if (!isJudged && putBack(aside, file)) return false;
  unlinkSync(aside);
  return isJudged;
}

/**
 * Whether `filelock` 4 has moved the marker of a living holder by mistake, and was killed before it put it back: then
 * what is at the name is that of the killed one. Its next contender puts it right; until then the lock is held.
 */
export function isHeldAside(file: string, { content }: Marker): boolean {
  const breaker = content.kind === 'owner' ? content.owner.pid : content.kind === 'malformed' && content.breaker;
  if (typeof breaker !== 'number') return false;
  return namesBeside(file).some((name) => {
    const moved = isMovedName(name, file, breaker) ? lookAt(join(dirname(file), name))?.content : undefined;
    return moved?.kind === 'empty' || (moved?.kind === 'owner' && !hasEnded(moved.owner));
  });
}

/** Removes what others who were killed have left under private names. */
export function tidyBeside(file: string): void {
  for (const name of namesBeside(file)) {
    const path = join(dirname(file), name);
    if (!isPrivateName(name, file)) continue;
    try {
      const content = lookAt(path)?.content;
      const isLeft =
        content?.kind === 'owner' ? hasEnded(content.owner) : Date.now() - statSync(path).mtimeMs > cutOffMs;
      if (isLeft) unlinkSync(path);
    } catch {
      // Gone meanwhile, or another user's.
    }
  }
}

/** A name is never taken from somebody else. False when it is taken. */
function putBack(aside: string, file: string): boolean {
  try {
    linkSync(aside, file);
    unlinkSync(aside);
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(file)) return false;
    // No hard links here.
    renameSync(aside, file);
    return true;
  }
}

function namesBeside(file: string): readonly string[] {
  try {
    return readdirSync(dirname(file));
  } catch {
    // A folder may be closed to readers, and open to those who know a name.
    return [];
  }
}
