import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { formatMarker, givenUp } from './marker.ts';
import { privateName } from './names.ts';
import { thisProcess } from './owner.ts';

// Others read it to wait for us; nobody else may write what they act upon.
const mode = 0o644;
const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** What file systems answer that have no hard links. */
const noLinks: readonly unknown[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'];

/**
 * A marker that this process has made and not removed. It stays open, so that the kernel gives its inode to no other
 * file: the number tells whose a marker is.
 */
export class HeldMarker {
  readonly file: string;
  readonly #descriptor: number;

  constructor(file: string, descriptor: number) {
    this.file = file;
    this.#descriptor = descriptor;
  }

  /** Whether it is at its name. */
  isInPlace(): boolean {
    const own = fstatSync(this.#descriptor, { bigint: true });
    const there = lstatSync(this.file, { bigint: true, throwIfNoEntry: false });
    return there !== undefined && there.ino === own.ino && there.dev === own.dev;
  }

  /**
   * Once. False when it was not at its name: what is there instead is somebody else's. Throws what the file system does.
   */
  remove(): boolean {
    try {
      if (this.isInPlace()) {
        unlinkSync(this.file);
        return true;
      }
      this.#giveUp();
      return false;
    } catch (fault) {
      this.#giveUp();
      throw fault;
    } finally {
      closeSync(this.#descriptor);
    }
  }

  /**
   * Who has moved it by mistake puts it back, and would wait for us for ever. Overwritten first and cut then, it is never
   * empty.
   */
  #giveUp(): void {
    writeSync(this.#descriptor, givenUp, 0);
    ftruncateSync(this.#descriptor, givenUp.length);
  }
}

/**
 * Takes the name of a marker if nobody has it. A whole record appears at once, for it is written under another name: no
 * contender sees an empty marker, which `filelock` 4 never removes, should we be killed in between.
 *
 * @returns undefined when somebody has the name; throws what the file system does
 */
export function createMarker(file: string): HeldMarker | undefined {
  const record = formatMarker(thisProcess());
  const aside = privateName(file);
  const descriptor = openSync(aside, createOnly, mode);
  try {
    writeFileSync(descriptor, record);
    linkSync(aside, file);
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    // The answer of a network drive may get lost, and the repeated request then finds the name taken, by us.
    if (code !== 'EEXIST' || fstatSync(descriptor).nlink !== 2) {
      closeSync(descriptor);
      if (code === 'EEXIST') return undefined;
      if (noLinks.includes(code)) return createInPlace(file, record);
      throw fault;
    }
  } finally {
    unlinkSync(aside);
  }
  return new HeldMarker(file, descriptor);
}

/** As `filelock` does it: for a moment the marker is empty. */
function createInPlace(file: string, record: string): HeldMarker | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, createOnly, mode);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw fault;
  }
  const marker = new HeldMarker(file, descriptor);
  try {
    writeFileSync(descriptor, record);
    return marker;
  } catch (fault) {
    marker.remove();
    throw fault;
  }
}
