import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export interface AtomicWriteOptions {
  /** Of a file that is not there yet, less the umask. Default `0o666`. */
  readonly mode?: number;
}

/**
 * Replaces a file as a whole: readers, and whoever comes up after a crash, see the old content or the new one, never a
 * part. A file that is there keeps its mode, and its owner where this user may give files away; of a symbolic link, what
 * it leads to is replaced. Rejects with the fault of the file system, and then nothing has changed.
 *
 * Hard links, access control lists and extended attributes stay with the old file.
 */
export async function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  { mode = 0o666 }: AtomicWriteOptions = {},
): Promise<void> {
  const target = await followLinks(file);
  const before = await stat(target).catch(ignoreAbsence);
  // Two writers must never share it. Its length does not depend on that of the name, and watchers pass over what ends so.
  const part = join(dirname(target), `.promptbin-${randomBytes(8).toString('hex')}~`);
  try {
    // What it holds may be secret: it is opened up only when it has its owner.
    await using handle = await open(part, 'wx', before === undefined ? mode : 0o600);
    await handle.writeFile(content);
    if (before !== undefined) await dressAs(handle, before);
    await handle.sync();
    await rename(part, target);
  } catch (fault) {
    await rm(part, { force: true }).catch(() => undefined);
    throw fault;
  }
  await syncFolder(dirname(target));
}

/** Where a file is that may be a link, or a link to what is not there yet. */
async function followLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault;
    const folder = await realpath(dirname(file));
    const link = await readlink(file).catch(() => undefined);
    return link === undefined ? resolve(file) : followLinks(resolve(folder, link));
  }
}

async function dressAs(handle: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const now = await handle.stat();
  // Only root may give a file away; a file of our own is better than none.
  if (now.uid !== uid || now.gid !== gid) await handle.chown(uid, gid).catch(() => undefined);
  await handle.chmod(mode & 0o7777);
}

/** A rename is on the disk only when its folder is. The new content is there for all to see: it is too late to fail. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Some file systems have no such call for a folder, and a folder may be closed to readers.
  }
}

function ignoreAbsence(fault: NodeJS.ErrnoException): undefined {
  if (fault.code !== 'ENOENT') throw fault;
}
