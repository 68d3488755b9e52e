import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessAttributes } from '../contract/process-options.ts';
import { PromptbinError } from '../errors/error.ts';

/** Somebody that processes run as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Absent for a number that no user has. */
  readonly home?: string;
}

/**
 * Whom a process is to run as; undefined when that is who runs promptbin.
 *
 * @param name of the process
 * @throws PromptbinError `PB_SPAWN_FAILED` when there is no such user, or it cannot be taken on
 */
export async function findAccount(
  name: string,
  { user, group }: Pick<ProcessAttributes, 'user' | 'group'>,
): Promise<Account | undefined> {
  const account = user === undefined ? undefined : await lookUp(user);
  if (user !== undefined && account === undefined) {
    throw new PromptbinError('PB_SPAWN_FAILED', `there is no user "${user}"`, {
      process: name,
      details: { causeCode: 'configError' },
      hint: 'Correct `user` of the process.',
    });
  }
  const ownUid = process.getuid?.();
  if (group === undefined && (account === undefined || account.uid === ownUid)) return undefined;
  if (ownUid === 0) return account;
  const whom = user === undefined ? `group "${group}"` : `user "${user}"`;
  throw new PromptbinError('PB_SPAWN_FAILED', `only root can run it as ${whom}, and promptbin does not run as root`, {
    process: name,
    details: { causeCode: 'permissionDenied' },
    hint: 'Run promptbin as root, or take `user` and `group` out.',
  });
}

/** What the system knows of a user, wherever it keeps its users. A number may be nobody's. */
async function lookUp(user: string): Promise<Account | undefined> {
  // There is none where there is no such user.
  const { stdout } = await promisify(execFile)('getent', ['passwd', user]).catch(() => ({ stdout: '' }));
  const [name, , uid, gid, , home] = stdout.split(':');
  if (name !== undefined && home !== undefined) return { name, uid: Number(uid), gid: Number(gid), home };
  return /^\d+$/.test(user) ? { name: user, uid: Number(user), gid: Number(user) } : undefined;
}
