import { relative } from 'node:path';
import type { FileChange } from '../watch/contents.ts';

/** A file as it is told: its path is relative to the folder of the config. */
export interface ToldFile {
  readonly path: string;
  readonly kind: FileChange['kind'];
}

export function tellFiles(root: string, changes: readonly FileChange[]): readonly ToldFile[] {
  return changes.map(({ path, kind }) => ({ path: relative(root, path), kind }));
}
