import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** What is larger counts as changed whenever it was written. */
const largestBytes = 1024 * 1024;
/** So many files are read at the same time. */
const readers = 8;

export interface FileChange {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

/** What a file holds; a digest of undefined is one that is not known. */
interface Content {
  readonly digest: string | undefined;
}

/** What the watched files held when they were looked at last, so that a file that is written anew as it was is no change. */
export class Contents {
  readonly #known = new Map<string, Content>();
  readonly #queue: { readonly path: string; readonly since: number }[] = [];
  readonly #reading = new Set<Promise<void>>();

  /** Files that are there, as far as is known. */
  get paths(): readonly string[] {
    return [...this.#known.keys()];
  }

  /**
   * A file that a first look has found. It is read when there is time.
   *
   * @param since since when edits are told, ms since the epoch: what was written later is not what was found
   */
  note(path: string, since: number): void {
    if (this.#known.has(path)) return;
    this.#known.set(path, { digest: undefined });
    this.#queue.push({ path, since });
    if (this.#reading.size === readers) return;
    const reading = this.#readAll().finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
  }

  /** Resolves when all that was noted so far has been read. */
  async noted(): Promise<void> {
    await Promise.all(this.#reading);
  }

  /** Which of these files are other than before; that is what they are compared to from then on. */
  async changesOf(paths: readonly string[]): Promise<readonly FileChange[]> {
    const kinds: (FileChange['kind'] | undefined)[] = [];
    let next = 0;
    const compare = async (): Promise<void> => {
      for (let index = next++; index < paths.length; index = next++) {
        const path = paths[index] ?? '';
        kinds[index] = this.#compare(path, await contentOf(path));
      }
    };
    await Promise.all(Array.from({ length: readers }, compare));
    return paths.flatMap((path, index) => {
      const kind = kinds[index];
      return kind === undefined ? [] : [{ path, kind }];
    });
  }

  #compare(path: string, now: Content | undefined): FileChange['kind'] | undefined {
    const before = this.#known.get(path);
    if (now === undefined) return this.#known.delete(path) ? 'removed' : undefined;
    this.#known.set(path, now);
    if (before === undefined) return 'added';
    return before.digest !== undefined && before.digest === now.digest ? undefined : 'changed';
  }

  async #readAll(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { path, since } = next;
      const before = this.#known.get(path);
      const content = await contentOf(path, since);
      // Compared meanwhile, it is known better.
      if (content !== undefined && this.#known.get(path) === before) this.#known.set(path, content);
    }
  }
}

/** @param before nothing is known of what was written later, ms since the epoch */
async function contentOf(path: string, before = Number.POSITIVE_INFINITY): Promise<Content | undefined> {
  try {
    // To open a FIFO would otherwise last until somebody writes to it.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    const { size, ctimeMs } = stats;
    if (stats.isDirectory()) return undefined;
    if (!stats.isFile() || size > largestBytes || ctimeMs >= before) return { digest: undefined };
    const bytes = await file.readFile();
    // Nobody can set this time, unlike that of the last write.
    if (before !== Number.POSITIVE_INFINITY && (await file.stat()).ctimeMs !== ctimeMs) return { digest: undefined };
    return { digest: createHash('sha256').update(bytes).digest('base64') };
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { digest: undefined };
  }
}
