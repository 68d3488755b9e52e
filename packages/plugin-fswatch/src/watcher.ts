import { watch } from 'chokidar';
import type { Filter } from './filter.ts';

export interface WatchListener {
  /** A file was added, changed or removed; the path is absolute. */
  changed(path: string): void;
  /** The system refuses to watch, such as at the limit of inotify. */
  failed(message: string): void;
}

/**
 * Watches folders, with all that is in them and will be, and files, also those that do not exist yet.
 *
 * @param paths absolute
 * @returns what ends it
 */
export function watchFiles(paths: readonly string[], filter: Filter, listener: WatchListener): () => Promise<void> {
  const startedAt = Date.now();
  let isScanned = false;
  const watcher = watch([...paths], {
    ignored: (path, stats) => filter.isIgnored(path) || (stats?.isFile() === true && !filter.isIncluded(path)),
    // Without the time of change of what the first scan finds, an edit made while it runs would be lost.
    alwaysStat: true,
  });
  watcher
    .on('add', (path, stats) => {
      if (isScanned || (stats?.mtimeMs ?? 0) >= startedAt) listener.changed(path);
    })
    .on('change', (path) => listener.changed(path))
    .on('unlink', (path) => listener.changed(path))
    .on('ready', () => {
      isScanned = true;
    })
    .on('error', (fault) => listener.failed(fault instanceof Error ? fault.message : String(fault)));
  return () => watcher.close();
}
