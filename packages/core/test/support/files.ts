import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a small executable in `test/fixtures`. */
export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** Lets a script go on that waits until this file exists in its folder. */
export function touch(root: string, name: string): void {
  writeFileSync(join(root, name), '');
}

/** The lines of a file in the folder of a test; none when it does not exist. */
export function linesOf(root: string, name: string): string[] {
  try {
    return readFileSync(join(root, name), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}
