import { accessSync, constants } from 'node:fs';

/** Whether this user may run a file, or enter a folder. */
export function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
