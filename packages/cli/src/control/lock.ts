import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

// Node has no flock; SQLite takes a kernel lock on its file, which ends with the process, however that ends.
const busy = 5;
const notADatabase = 26;

/**
 * Makes this process the one manager of the project, or gives undefined when another is. The file stays when the lock is
 * released: removing it would let two processes lock two files of one name.
 */
export function acquireLock(file: string): Disposable | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // A journal file would stay behind after a crash, and there is nothing to roll back.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => database.close() };
  } catch (fault) {
    database.close();
    const code = (fault as { errcode?: number }).errcode;
    if (code === busy) return undefined;
    if (code !== notADatabase) throw fault;
    // Nobody can hold a lock on garbage.
    rmSync(file);
    return acquireLock(file);
  }
}
