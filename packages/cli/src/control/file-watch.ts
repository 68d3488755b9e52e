import { type FSWatcher, realpathSync, watch } from 'node:fs';
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
 * well. It is in force at once.
 */
export class FileWatch implements Disposable {
  readonly #listener: FileListener;
  readonly #watchers = new Map<string, FSWatcher>();
  #names: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: FileListener) {
    this.#listener = listener;
  }

  /** From now on these, absolute, and no others. */
  follow(files: readonly string[]): void {
    const all = new Set(files.flatMap((file) => [file, realPath(file)]));
    this.#names = namesByFolder(all);
    for (const [folder, watcher] of this.#watchers) if (!this.#names.has(folder)) this.#drop(folder, watcher);
    for (const folder of this.#names.keys()) if (!this.#watchers.has(folder)) this.#open(folder);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const [folder, watcher] of this.#watchers) this.#drop(folder, watcher);
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, (_event, name) => {
        if (name === null || this.#names.get(folder)?.has(name)) this.#rouse();
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
    const names = folders.get(dirname(file)) ?? new Set();
    folders.set(dirname(file), names.add(basename(file)));
  }
  return folders;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // What is not there yet may come.
    return file;
  }
}
