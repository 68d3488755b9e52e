import { mkdir, mkdtemp, realpath, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFilter } from '../src/filter.ts';
import { watchFiles } from '../src/watcher.ts';

let folder: string;
let close: (() => Promise<void>) | undefined;
const seen: string[] = [];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'promptbin-')));
  seen.length = 0;
});

afterEach(async () => {
  await close?.();
  await rm(folder, { recursive: true, force: true });
});

/** Watches the folder, and returns when a change is seen for sure. */
async function watchFolder(include: string[] = ['**/*']): Promise<void> {
  const filter = createFilter([folder], { include, ignore: [] });
  close = watchFiles([folder], filter, { changed: (path) => seen.push(path), failed: (message) => seen.push(message) });
  for (let round = 0; seen.length === 0; round++) {
    await writeFile(join(folder, 'probe.py'), String(round));
    await delay(20);
  }
  // What the first writes cause may still be on its way.
  await delay(200);
  seen.length = 0;
}

const path = (...parts: string[]) => join(folder, ...parts);
const saw = (file: string) => expect.poll(() => seen, { timeout: 20_000 }).toContain(file);

describe('watcher', () => {
  it('sees an edit, a new file and a removed one', async () => {
    await writeFile(path('a.py'), '1');
    await watchFolder();
    await writeFile(path('a.py'), '2');
    await saw(path('a.py'));
    await writeFile(path('b.py'), '1');
    await saw(path('b.py'));
    seen.length = 0;
    await rm(path('b.py'));
    await saw(path('b.py'));
  });

  it('sees an edit made while it looks around for the first time, and nothing older', async () => {
    await writeFile(path('old.py'), '1');
    await writeFile(path('edited.py'), '1');
    // Stands for an edit after the start of the scan, which is too short to be met on purpose.
    const soon = new Date(Date.now() + 60_000);
    await utimes(path('edited.py'), soon, soon);
    await delay(50);
    const filter = createFilter([folder], { include: ['**/*'], ignore: [] });
    close = watchFiles([folder], filter, { changed: (file) => seen.push(file), failed: () => {} });
    await saw(path('edited.py'));
    expect(seen).not.toContain(path('old.py'));
  });

  it('sees a file that is saved by renaming another one over it', async () => {
    await writeFile(path('a.py'), '1');
    await watchFolder(['*.py']);
    await writeFile(path('a.py.tmp'), '2');
    await rename(path('a.py.tmp'), path('a.py'));
    await saw(path('a.py'));
    expect(new Set(seen)).toEqual(new Set([path('a.py')]));
  });

  it('sees what is in a folder that was made and filled at once, and later edits there', async () => {
    await watchFolder();
    await mkdir(path('new', 'deep'), { recursive: true });
    await writeFile(path('new', 'deep', 'a.py'), '1');
    await saw(path('new', 'deep', 'a.py'));
    seen.length = 0;
    await writeFile(path('new', 'deep', 'a.py'), '2');
    await saw(path('new', 'deep', 'a.py'));
  });

  it('sees edits in a folder that was removed and made again', async () => {
    await mkdir(path('sub'));
    await writeFile(path('sub', 'a.py'), '1');
    await watchFolder();
    await rm(path('sub'), { recursive: true });
    await mkdir(path('sub'));
    await writeFile(path('sub', 'a.py'), '2');
    await saw(path('sub', 'a.py'));
    await delay(300);
    seen.length = 0;
    await writeFile(path('sub', 'a.py'), '3');
    await saw(path('sub', 'a.py'));
  });

  it('hears nothing of what is ignored or not included, not even inside', async () => {
    await watchFolder(['*.py']);
    await mkdir(path('node_modules', 'x'), { recursive: true });
    await writeFile(path('node_modules', 'x', 'index.py'), '1');
    await writeFile(path('.a.py.swp'), '1');
    await writeFile(path('notes.txt'), '1');
    await writeFile(path('last.py'), '1');
    await saw(path('last.py'));
    expect(new Set(seen)).toEqual(new Set([path('last.py')]));
  });

  it('is silent after its end', async () => {
    await watchFolder();
    await close?.();
    await writeFile(path('a.py'), '1');
    await delay(300);
    expect(seen).toEqual([]);
  });
});
