import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Filter } from './filter.ts';

/** What one walk through the watched folders has found. */
export interface Scan {
  /** All files that count. */
  readonly files: ReadonlySet<string>;
  /** Those of them that were written since. */
  readonly written: readonly string[];
}

/**
 * Walks through folders, but not through links to others. What cannot be read is passed over.
 *
 * @param since by the time of the last change of anything, which nobody can set; ms since the epoch
 */
export async function scan(paths: readonly string[], filter: Filter, since: number): Promise<Scan> {
  const files = new Set<string>();
  const written: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const isLink = (await lstat(path)).isSymbolicLink();
    const stats = await stat(path);
    if (filter.isIgnored(path, stats.isDirectory())) return;
    if (stats.isDirectory()) {
      if (isLink) return;
      for (const name of await readdir(path)) await visit(join(path, name)).catch(ignored);
    } else if (filter.isIncluded(path)) {
      files.add(path);
      if (stats.ctimeMs >= since) written.push(path);
    }
  };
  for (const path of paths) await visit(path).catch(ignored);
  return { files, written };
}

/** It has gone meanwhile, or is not ours to read. */
function ignored(): void {}
