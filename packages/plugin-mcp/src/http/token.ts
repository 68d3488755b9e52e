import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rm, writeFile } from 'node:fs/promises';
import { PromptbinError } from '@promptbin/core/views';

const shape = /^[\w-]{32,256}$/;

/**
 * The bearer token of a file, which is made when it is not there: at once and as a whole, so that all who come at the same
 * time read the same one.
 *
 * @throws PromptbinError `PB_MCP_HTTP` when it cannot be made, others may read or have made it, or it is no token
 */
export async function readToken(file: string): Promise<string> {
  const found = (await readOwn(file)) ?? (await makeToken(file));
  if (shape.test(found)) return found;
  throw unsafe(file, 'does not hold a token');
}

/** In a time that tells nothing of how much of it is right. */
export function isToken(token: string, given: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(given));
}

async function makeToken(file: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // Unlike a rename, it leaves alone what another process has made meanwhile.
    await link(draft, file).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'EEXIST') throw fault;
    });
  } catch (cause) {
    throw new PromptbinError('PB_MCP_HTTP', `The token file ${file} cannot be made: ${(cause as Error).message}.`, {
      hint: 'Give the file a folder that can be written.',
      cause,
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await readOwn(file)) ?? '';
}

/** Undefined when there is no such file. */
async function readOwn(file: string): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw unsafe(file, code === 'ELOOP' ? 'is a link' : `cannot be read: ${message}`);
  }
  try {
    const { uid, mode } = await handle.stat();
    if (uid !== process.getuid?.()) throw unsafe(file, 'belongs to another user');
    if ((mode & 0o077) !== 0) throw unsafe(file, 'is open to other users');
    return (await handle.readFile('utf8')).trim();
  } finally {
    await handle.close();
  }
}

function unsafe(file: string, what: string): PromptbinError {
  return new PromptbinError('PB_MCP_HTTP', `The token file ${file} ${what}.`, {
    hint: 'Remove it: another one is made, and clients need its token.',
  });
}
