import { expect, it } from 'vitest';
import { limitReached, whyToPoll } from '../../src/watch/backend.ts';
import { temporaryFolder } from './folder.ts';

const typed = (type: number) => async (path: string) => {
  if (path.includes('missing')) throw new Error(`no such folder: ${path}`);
  return { type };
};

it.each([
  [0x6969, 'NFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
])('a file system of type %i is looked at: %s', async (type, name) => {
  const folder = await temporaryFolder();
  expect(await whyToPoll([folder], typed(type))).toBe(
    `${folder} is on ${name}, which does not tell what others change there`,
  );
  // Not there yet: what it will be in decides.
  expect(await whyToPoll([`${folder}/missing/deep`], typed(type))).toContain(`is on ${name}`);
});

it('the file system of a temporary folder tells what changes', async () => {
  expect(await whyToPoll([await temporaryFolder()])).toBeUndefined();
});

it.each([
  [
    'ENOSPC',
    /fs\.inotify\.max_user_watches, now \d+\); raise it by "sysctl fs\.inotify\.max_user_watches=524288", or watch less$/,
  ],
  ['EMFILE', /ulimit -n, or fs\.inotify\.max_user_instances, now \d+\); raise it, or watch less$/],
])('%s is a limit that can be raised', (code, said) => {
  expect(limitReached(Object.assign(new Error('no'), { code }))).toMatch(said);
});

it('another fault is no limit', () => {
  expect(limitReached(Object.assign(new Error('no'), { code: 'EACCES' }))).toBeUndefined();
});
