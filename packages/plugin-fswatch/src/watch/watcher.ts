import { type FSWatcher, watch } from 'chokidar';
import { type Filter, isRules } from './filter.ts';

export interface WatchListener {
  /** A file was added, changed or removed since `since`; the path is absolute. */
  changed(path: string): void;
  /** A file that the first look has found; those that it has not are not there. */
  found(path: string): void;
  /** The first look is over. */
  scanned(): void;
  /** What is ignored may be another now. */
  rulesChanged(): void;
  failed(fault: NodeJS.ErrnoException): void;
}

export interface WatcherOptions {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly filter: Filter;
  /** What was written later is a change, even when the first look finds it; ms since the epoch. */
  readonly since: number;
  /** Look this often instead of being told by the system. */
  readonly pollMs?: number | undefined;
}

/**
 * Watches folders, with all that is in them and will be, and files, also those that do not exist yet.
 *
 * @returns what ends it
 */
export function watchFiles(options: WatcherOptions, listener: WatchListener): () => Promise<void> {
  const { paths, filter, since, pollMs } = options;
  let isScanned = false;
  const changed = (path: string): void => {
    if (isRules(path)) listener.rulesChanged();
    if (filter.isIncluded(path)) listener.changed(path);
  };
  const watcher: FSWatcher = watch([...paths], {
    // Called without `stats` first: by the name alone a folder is not known from a file.
    ignored: (path, stats) =>
      filter.isIgnored(path, stats?.isDirectory() ?? false) ||
      (stats?.isFile() === true && !filter.isIncluded(path) && !isRules(path)),
    // Without the time of change of what the first look finds, an edit made meanwhile would be lost.
    alwaysStat: true,
    ...(pollMs !== undefined && { backend: 'polling', pollingInterval: pollMs, pollingBinaryInterval: pollMs }),
  });
  watcher
    .on('add', (path, stats) => {
      if (isScanned) return changed(path);
      if (filter.isIncluded(path)) listener.found(path);
      if ((stats?.ctimeMs ?? 0) >= since) changed(path);
    })
    .on('change', changed)
    .on('unlink', changed)
    .on('ready', () => {
      isScanned = true;
      listener.scanned();
    })
    .on('error', (fault) => listener.failed(fault instanceof Error ? fault : new Error(String(fault))));
  return () => watcher.close();
}
