import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@promptbin/core';
import { expect, it, onTestFinished } from 'vitest';
import { createFilter } from '../../src/watch/filter.ts';
import { watchFiles } from '../../src/watch/watcher.ts';
import { temporaryFolder } from './folder.ts';

const poll = { timeout: 30_000 };

function watching(folder: string, since: number) {
  const seen = { changed: [] as string[], found: [] as string[], scans: 0 };
  const filter = createFilter([folder], { include: ['*.py'], ignore: [], gitignore: true });
  const close = watchFiles(
    { paths: [folder], filter, since },
    {
      changed: (path) => seen.changed.push(path),
      found: (path) => seen.found.push(path),
      scanned() {
        seen.scans += 1;
      },
      rulesChanged: () => {},
      failed: (fault) => seen.changed.push(fault.message),
    },
  );
  onTestFinished(close);
  return { seen, close };
}

it('finds what is there, and tells as a change what was written since, whatever time the file claims', async () => {
  const folder = await temporaryFolder({ 'old.py': '1', 'edited.py': '1', 'notes.txt': '1' });
  await systemClock.sleep(50);
  const since = Date.now() - 10;
  await writeFile(join(folder, 'edited.py'), '2');
  await utimes(join(folder, 'edited.py'), new Date(0), new Date(0));
  const { seen } = watching(folder, since);
  await expect.poll(() => seen.scans, poll).toBe(1);
  expect(seen.found.toSorted()).toEqual([join(folder, 'edited.py'), join(folder, 'old.py')]);
  expect(seen.changed).toEqual([join(folder, 'edited.py')]);
});

it('is silent after its end', async () => {
  const folder = await temporaryFolder({ 'a.py': '1' });
  const { seen, close } = watching(folder, Date.now() + 60_000);
  await expect.poll(() => seen.scans, poll).toBe(1);
  await close();
  await writeFile(join(folder, 'a.py'), '2');
  await rm(join(folder, 'a.py'));
  // Another one has seen it by now, and so would this one have.
  const other = watching(folder, Date.now() + 60_000);
  await expect.poll(() => other.seen.scans, poll).toBe(1);
  await writeFile(join(folder, 'b.py'), '2');
  await expect.poll(() => other.seen.changed, poll).toContain(join(folder, 'b.py'));
  expect(seen.changed).toEqual([]);
});
