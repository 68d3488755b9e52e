import type { Source } from './source.ts';

const mostLines = 220;

/** Files that are two files, one per line. */
export function findLongFiles(sources: readonly Source[]): string[] {
  return sources
    .filter(({ lines }) => lines > mostLines)
    .map((source) => `packages/${source.package}/src/${source.path}: ${source.lines} lines, over ${mostLines}`);
}
