import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { systemClock } from '@promptbin/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WatchPlan } from '../../src/settings.ts';
import { FileWatch } from '../../src/watch/file-watch.ts';
import { temporaryFolder } from './folder.ts';

const poll = { timeout: 30_000 };

interface Watching {
  readonly folder: string;
  /** What was told, such as `changed a.py`. */
  readonly told: string[];
  /** Ends when everything so far has been told. */
  settled(): Promise<void>;
  write(file: string, text: string): Promise<void>;
}

/** Watches a folder that holds `files`. */
async function watching(
  plan: Partial<WatchPlan>,
  files: Readonly<Record<string, string>> = {},
  paths: readonly string[] = ['.'],
): Promise<Watching> {
  const folder = await temporaryFolder(files);
  // What was written within 10 ms before a watch began counts as written after that.
  await systemClock.sleep(30);
  const told: string[] = [];
  const { promise: isReady, resolve: ready } = Promise.withResolvers<number>();
  const watch = new FileWatch({
    plan: {
      paths: [],
      include: ['**/*'],
      ignore: [],
      gitignore: true,
      debounceMs: 50,
      maxWaitMs: 2000,
      action: { kind: 'notify' },
      ...plan,
    },
    paths: paths.map((path) => join(folder, path)),
    clock: systemClock,
    isHeld: () => false,
    blockedBy: async () => undefined,
    changed: (changes) => {
      for (const { path, kind } of changes) told.push(`${kind} ${relative(folder, path)}`);
    },
    waits: () => {},
    ready,
    polls: () => {},
    fault: (message) => told.push(message),
  });
  onTestFinished(() => watch.end());
  await isReady;
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  return { folder, told, settled: () => watch.settled(new AbortController().signal), write };
}

const saw = ({ told }: Watching, what: string) => expect.poll(() => told, poll).toContain(what);

describe.each([
  ['told by the system', {}],
  ['by looking', { pollMs: 50 }],
])('%s', (_, means) => {
  it('an edit, a new file and a removed one are seen', async () => {
    const watch = await watching(means, { 'a.py': '1' });
    await watch.write('a.py', '2');
    await saw(watch, 'changed a.py');
    await watch.write('b.py', '1');
    await saw(watch, 'added b.py');
    await rm(join(watch.folder, 'b.py'));
    await saw(watch, 'removed b.py');
  });

  it('a file that is saved by renaming another one over it is a change of that one alone', async () => {
    const watch = await watching({ ...means, include: ['*.py'] }, { 'a.py': '1' });
    await watch.write('a.py.tmp', '2');
    await rename(join(watch.folder, 'a.py.tmp'), join(watch.folder, 'a.py'));
    await saw(watch, 'changed a.py');
    await watch.settled();
    expect(new Set(watch.told)).toEqual(new Set(['changed a.py']));
  });

  it('a file that is written anew as it was is no change', async () => {
    const watch = await watching(means, { 'a.py': 'the same', 'b.py': '1' });
    for (let round = 0; round < 3; round += 1) {
      await watch.write('a.py', 'the same');
      // To read it in the middle of a write is to find it changed.
      await watch.settled();
    }
    await watch.write('b.py', '2');
    await saw(watch, 'changed b.py');
    await watch.settled();
    expect(watch.told).toEqual(['changed b.py']);
  });

  it('a file that is changed and changed back before anybody is told is no change', async () => {
    const watch = await watching({ ...means, debounceMs: 500 }, { 'a.py': '1', 'b.py': '1' });
    await watch.write('a.py', '2');
    await systemClock.sleep(200);
    await watch.write('a.py', '1');
    await watch.write('b.py', '2');
    await saw(watch, 'changed b.py');
    expect(watch.told).toEqual(['changed b.py']);
  });

  it('what is in a folder that was made and filled at once is seen, and later edits there', async () => {
    const watch = await watching(means);
    const deep = join('new', 'deep', 'a.py');
    await mkdir(join(watch.folder, 'new', 'deep'), { recursive: true });
    await Promise.all([watch.write(deep, '1'), watch.write(join('new', 'b.py'), '1')]);
    await saw(watch, `added ${deep}`);
    await saw(watch, `added ${join('new', 'b.py')}`);
    await watch.write(deep, '2');
    await saw(watch, `changed ${deep}`);
  });

  it('a whole tree that is moved in is seen', async () => {
    const watch = await watching(means, { 'src/x.py': '1' }, ['src']);
    await mkdir(join(watch.folder, 'other', 'lib'), { recursive: true });
    await watch.write('other/lib/a.py', '1');
    await rename(join(watch.folder, 'other'), join(watch.folder, 'src', 'other'));
    await saw(watch, 'added src/other/lib/a.py');
  });

  it('edits in a folder that was removed and made again are seen', async () => {
    const watch = await watching(means, { 'sub/a.py': '1' });
    await rm(join(watch.folder, 'sub'), { recursive: true });
    await mkdir(join(watch.folder, 'sub'));
    await watch.write('sub/a.py', '2');
    // Removed and added, when somebody has looked in between.
    await expect.poll(() => watch.told.at(-1), poll).toMatch(/^(?:changed|added) sub\/a\.py$/);
    const before = watch.told.length;
    await watch.write('sub/a.py', '3');
    await expect.poll(() => watch.told.slice(before), poll).toContain('changed sub/a.py');
  });

  it('edits are seen when the watched folder itself was removed and made again', async () => {
    const watch = await watching(means, { 'sub/a.py': '1' }, ['sub']);
    await rm(join(watch.folder, 'sub'), { recursive: true });
    await saw(watch, 'removed sub/a.py');
    await mkdir(join(watch.folder, 'sub'));
    await watch.write('sub/a.py', '2');
    await saw(watch, 'added sub/a.py');
  });

  it('edits of what a symbolic link leads to are seen', async () => {
    const watch = await watching(means, { 'kept/a.py': '1', 'kept/lib/b.py': '1', 'src/c.py': '1' }, ['src']);
    await symlink('../kept/a.py', join(watch.folder, 'src', 'a.py'));
    await symlink('../kept/lib', join(watch.folder, 'src', 'lib'));
    await saw(watch, 'added src/a.py');
    await saw(watch, 'added src/lib/b.py');
    await watch.write('kept/a.py', '2');
    await saw(watch, 'changed src/a.py');
    await watch.write('kept/lib/b.py', '2');
    await saw(watch, 'changed src/lib/b.py');
    await rm(join(watch.folder, 'src', 'a.py'));
    await symlink('../src/c.py', join(watch.folder, 'src', 'a.py'));
    await expect.poll(() => watch.told.filter((told) => told.endsWith('src/a.py')).length, poll).toBeGreaterThan(2);
  });

  it('nothing is told of what is ignored or not included, not even inside', async () => {
    const watch = await watching({ ...means, include: ['*.py'] }, { '.gitignore': 'out/\n', 'out/a.py': '1' });
    await mkdir(join(watch.folder, 'node_modules', 'x'), { recursive: true });
    for (const file of ['node_modules/x/index.py', '.a.py.swp', 'notes.txt', 'out/a.py']) await watch.write(file, '2');
    await watch.write('last.py', '1');
    await saw(watch, 'added last.py');
    await watch.settled();
    expect(watch.told).toEqual(['added last.py']);
  });

  it('other rules of what is ignored hold at once', async () => {
    const watch = await watching(
      { ...means, include: ['*.py'] },
      { '.gitignore': 'out/\n', 'out/a.py': '1', 'in/a.py': '1' },
    );
    await watch.write('.gitignore', 'in/\n');
    for (let round = 0; watch.told.length === 0; round += 1) {
      await watch.write('out/a.py', `edit ${round}`);
      await systemClock.sleep(100);
    }
    await watch.write('in/a.py', '2');
    await watch.write('last.py', '1');
    await saw(watch, 'added last.py');
    expect(new Set(watch.told)).toEqual(new Set(['changed out/a.py', 'added last.py']));
  });

  it('a file that comes and goes within a burst is nothing', async () => {
    const watch = await watching({ ...means, debounceMs: 500 });
    await watch.write('brief.py', '1');
    await systemClock.sleep(150);
    await rm(join(watch.folder, 'brief.py'));
    await watch.write('last.py', '1');
    await saw(watch, 'added last.py');
    expect(watch.told).toEqual(['added last.py']);
  });
});
