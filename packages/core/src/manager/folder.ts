import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes `.promptbin/` beside the config, closed to other users and ignored by git. Returns its path. */
export function ensureProjectFolder(root: string): string {
  const folder = join(root, '.promptbin');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ignore = join(folder, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return folder;
}
