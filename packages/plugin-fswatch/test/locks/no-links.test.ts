import { readdir, readFile, stat } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { breakMarker } from '../../src/locks/break-marker.ts';
import { createMarker } from '../../src/locks/held-marker.ts';
import { lookAt } from '../../src/locks/look.ts';
import { formatMarker } from '../../src/locks/marker.ts';
import { thisProcess } from '../../src/locks/owner.ts';
import { newFolder, takenBetweenLooks } from './harness.ts';

// A file system without hard links, such as exFAT, cannot be mounted here.
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  linkSync() {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
  },
}));

test('without hard links a marker is created at its name', async () => {
  const { folder, marker } = await newFolder();
  const held = createMarker(marker);
  expect(await readFile(marker, 'utf8')).toBe(formatMarker(thisProcess()));
  expect(createMarker(marker)).toBeUndefined();
  expect(await readdir(folder)).toEqual(['data.json.lock']);
  expect(held?.remove()).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});

test('and what was taken by mistake is put back', async () => {
  const { marker } = await newFolder();
  const held = createMarker(marker);
  const { ino } = await stat(marker);
  expect(breakMarker(marker, takenBetweenLooks(lookAt(marker)))).toBe(false);
  expect((await stat(marker)).ino).toBe(ino);
  expect(held?.remove()).toBe(true);
});
