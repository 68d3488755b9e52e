import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { isMovedName, isPrivateName, placeOf, privateName } from '../../src/locks/names.ts';
import { newFolder } from './harness.ts';

const hex = '0123456789abcdef'.repeat(2);

test('all spellings of a path are one lock, and a link at its end is another', async () => {
  const { folder, file, marker } = await newFolder();
  await mkdir(join(folder, 'inner'));
  await symlink(folder, join(folder, 'link'));
  await symlink('data.json', join(folder, 'alias.json'));
  const place = { path: file, marker };
  expect(placeOf(folder, 'data.json')).toEqual(place);
  expect(placeOf(join(folder, 'inner'), '../data.json')).toEqual(place);
  expect(placeOf('/', join(folder, 'link', '.', 'data.json'))).toEqual(place);
  expect(placeOf(folder, 'alias.json').marker).toBe(join(folder, 'alias.json.lock'));
  expect(placeOf(folder, 'inner').marker).toBe(join(folder, 'inner.lock'));
  // What is locked, not the lock.
  expect(placeOf(folder, 'data.json.lock').marker).toBe(`${marker}.lock`);
});

test('a folder that is not there is told', async () => {
  const { folder } = await newFolder();
  expect(() => placeOf(folder, 'none/data.json')).toThrow(
    expect.objectContaining({
      code: 'PB_LOCK_UNWRITABLE',
      message: expect.stringContaining(`${join(folder, 'none', 'data.json')} cannot be locked: ENOENT`),
    }),
  );
});

test('private names are unique, and recognised beside their marker only', () => {
  const name = privateName('/a/data.json.lock');
  expect(name).not.toBe(privateName('/a/data.json.lock'));
  expect(isPrivateName(basename(name), '/a/data.json.lock')).toBe(true);
  expect(isPrivateName(basename(name), '/a/data.js.lock')).toBe(false);
  expect(isPrivateName('data.json.lock', '/a/data.json.lock')).toBe(false);
  expect(isPrivateName('data.json.old-0.lock', '/a/data.json.lock')).toBe(false);
});

test('so are those of filelock', () => {
  expect(isMovedName(`data.json.lock.break.7.${hex}`, '/a/data.json.lock', 7)).toBe(true);
  expect(isMovedName(`data.json.lock.break.8.${hex}`, '/a/data.json.lock', 7)).toBe(false);
  expect(isMovedName(`data.json.lock.restore.8.${hex}`, '/a/data.json.lock', 7)).toBe(true);
  expect(isMovedName('data.json.lock.break.7.ab', '/a/data.json.lock', 7)).toBe(false);
  expect(isMovedName(`other.lock.break.7.${hex}`, '/a/data.json.lock', 7)).toBe(false);
});
