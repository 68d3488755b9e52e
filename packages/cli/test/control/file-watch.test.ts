import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileWatch } from '../../src/control/file-watch.ts';

let root: string;
let watch: FileWatch;
let changes = 0;
let notice = Promise.withResolvers<void>();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'promptbin-'));
  changes = 0;
  notice = Promise.withResolvers();
  const changed = (): void => {
    changes += 1;
    notice.resolve();
    notice = Promise.withResolvers();
  };
  watch = new FileWatch({ changed, failed: (fault) => notice.reject(fault) });
});

afterEach(async () => {
  watch[Symbol.dispose]();
  await rm(root, { recursive: true, force: true });
});

/** Resolves when the change has been seen. */
async function seen(change: () => Promise<unknown>): Promise<void> {
  const { promise } = notice;
  await change();
  await promise;
}

/** Longer than the watch waits for quiet. */
const aWhile = (): Promise<void> => sleep(500);

test('sees a file written, replaced, removed and made again', async () => {
  const file = join(root, 'config');
  await writeFile(file, '1');
  watch.follow([file]);
  await seen(() => writeFile(file, '2'));
  await writeFile(`${file}.new`, '3');
  await seen(() => rename(`${file}.new`, file));
  await seen(() => writeFile(file, '4'));
  await seen(() => rm(file));
  await seen(() => writeFile(file, '5'));
});

test('many changes at once are one, others in the folder are none', async () => {
  const files = ['a', 'b'].map((name) => join(root, name));
  watch.follow(files);
  await seen(() => Promise.all(files.map((file) => writeFile(file, '1'))));
  await writeFile(join(root, 'c'), '1');
  await aWhile();
  expect(changes).toBe(1);
});

test('follows other files when it is told to, and those before no more', async () => {
  await mkdir(join(root, 'sub'));
  const [first, second] = [join(root, 'a'), join(root, 'sub', 'a')];
  watch.follow([first]);
  watch.follow([second]);
  await writeFile(first, '1');
  await aWhile();
  expect(changes).toBe(0);
  await seen(() => writeFile(second, '1'));
});

test('sees what a link leads to', async () => {
  await mkdir(join(root, 'sub'));
  await writeFile(join(root, 'sub', 'real'), '1');
  await symlink(join(root, 'sub', 'real'), join(root, 'link'));
  watch.follow([join(root, 'link')]);
  await seen(() => writeFile(join(root, 'sub', 'real'), '2'));
});

test('sees a file come in a folder that is not there yet', async () => {
  const file = join(root, 'sub', 'deep', 'a');
  watch.follow([file]);
  await seen(() => mkdir(join(root, 'sub')));
  await seen(() => mkdir(join(root, 'sub', 'deep')));
  await seen(() => writeFile(file, '1'));
});

test('sees a folder removed, made again and replaced, and what is written there afterwards', async () => {
  const folder = join(root, 'sub');
  const file = join(folder, 'a');
  await mkdir(folder);
  await writeFile(file, '1');
  watch.follow([file]);
  await seen(() => rm(folder, { recursive: true }));
  await seen(() => mkdir(folder));
  await seen(() => writeFile(file, '2'));
  await seen(async () => {
    await rename(folder, `${folder}.old`);
    await mkdir(folder);
  });
  await seen(() => writeFile(file, '3'));
});

test('a file with the name of its folder is no change', async () => {
  const folder = join(root, 'sub');
  await mkdir(folder);
  watch.follow([join(folder, 'a')]);
  await writeFile(join(folder, 'sub'), '1');
  await aWhile();
  expect(changes).toBe(0);
  await seen(() => writeFile(join(folder, 'a'), '1'));
});
