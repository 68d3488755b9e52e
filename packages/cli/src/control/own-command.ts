import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bin } from '../bin.ts';

/** How others start this very promptbin: by its name where that finds it, else by what it was started with. */
export function ownCommand(path: string = process.env.PATH ?? ''): readonly [string, ...string[]] {
  const found = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => real(join(folder, 'promptbin')))
    .find((file) => file !== undefined);
  return found !== undefined && found === real(bin) ? ['promptbin'] : [process.execPath, bin];
}

function real(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
