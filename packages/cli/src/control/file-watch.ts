import { type FSWatcher, realpathSync, type Stats, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** An editor saves in several steps, and often several files at once, ms. */
const quietMs = 100;

export interface FileListener {
  /** One of the files has changed, and nothing more has happened to any of them for a moment. */
  changed(): void;
  /** The system refuses to watch, such as at the limit of inotify. */
  failed(fault: Error): void;
}

/**
 * Watches files by their folders: so one that is replaced, as editors and git do, or that does not exist yet, is seen as
 * well. Of a folder that is not there, the nearest one above it tells. It is in force at once.
 */
export class FileWatch implements Disposable {
  readonly #listener: FileListener;
  readonly #watchers = new Map<string, FSWatcher>();
  #files: readonly string[] = [];
  #names: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: FileListener) {
    this.#listener = listener;
  }

  /** From now on these, absolute, and no others. */
  follow(files: readonly string[]): void {
    this.#files = files;
    this.#arrange();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const [folder, watcher] of this.#watchers) this.#drop(folder, watcher);
  }

  #arrange(): void {
    this.#names = namesByFolder(new Set(this.#files.flatMap((file) => [file, realPath(file)])));
    for (const [folder, watcher] of this.#watchers) if (!this.#names.has(folder)) this.#drop(folder, watcher);
    for (const folder of this.#names.keys()) if (!this.#watchers.has(folder)) this.#open(folder);
  }

  #open(folder: string): void {
    try {
      const opened = folderAt(folder);
      const watcher = watch(folder, (_event, name) => {
        // Under its own name a folder tells that it is moved or removed: from then on it tells nothing more.
        const mayBeGone = name === basename(folder);
        if (mayBeGone) this.#drop(folder, watcher);
        const isGone = mayBeGone && folderAt(folder)?.ino !== opened?.ino;
        const counts = isGone || name === null || this.#names.get(folder)?.has(name);
        if (counts || mayBeGone) this.#arrange();
        if (counts) this.#rouse();
      });
      watcher.on('error', (fault) => {
        this.#drop(folder, watcher);
        this.#listener.failed(fault);
      });
      this.#watchers.set(folder, watcher);
    } catch (fault) {
      this.#listener.failed(fault as Error);
    }
  }

  #drop(folder: string, watcher: FSWatcher): void {
    this.#watchers.delete(folder);
    watcher.close();
  }

  #rouse(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#listener.changed(), quietMs);
  }
}

function namesByFolder(files: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    let path = file;
    while (folderAt(dirname(path)) === undefined && dirname(path) !== path) path = dirname(path);
    const names = folders.get(dirname(path)) ?? new Set();
    folders.set(dirname(path), names.add(basename(path)));
  }
  return folders;
}

function folderAt(path: string): Stats | undefined {
  try {
    const found = statSync(path);
    return found.isDirectory() ? found : undefined;
  } catch {
    return undefined;
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // What is not there yet may come.
    return file;
  }
}
