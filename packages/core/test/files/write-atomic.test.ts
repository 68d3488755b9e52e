import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeFileAtomic } from '../../src/files/write-atomic.ts';
import { testFolder } from '../output/harness.ts';

const isRoot = process.getuid?.() === 0;

const newFile = async (): Promise<string> => join(await testFolder(), 'data.json');
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o7777;
const namesBeside = (file: string): Promise<string[]> => readdir(dirname(file));

test('a new file has the mode that is asked for, and nothing else is left in the folder', async () => {
  const file = await newFile();
  await writeFileAtomic(file, 'one', { mode: 0o600 });
  expect(await readFile(file, 'utf8')).toBe('one');
  expect(await modeOf(file)).toBe(0o600);
  expect(await namesBeside(file)).toEqual(['data.json']);
});

test('without one it has that of any file that is written', async () => {
  const file = await newFile();
  await writeFile(`${file}.plain`, '');
  await writeFileAtomic(file, new Uint8Array([1, 2]));
  expect([...(await readFile(file))]).toEqual([1, 2]);
  expect(await modeOf(file)).toBe(await modeOf(`${file}.plain`));
});

test.each([0o640, 0o666, 0o400])('a file that is there keeps its mode %o', async (mode) => {
  const file = await newFile();
  await writeFile(file, 'old');
  await chmod(file, mode);
  await writeFileAtomic(file, 'new', { mode: 0o600 });
  expect(await readFile(file, 'utf8')).toBe('new');
  expect(await modeOf(file)).toBe(mode);
});

// Only root may give files away.
test.runIf(isRoot)('and its owner', async () => {
  const file = await newFile();
  await writeFile(file, 'old');
  await chown(file, 1234, 2345);
  await chmod(file, 0o640);
  await writeFileAtomic(file, 'new');
  expect(await stat(file)).toMatchObject({ uid: 1234, gid: 2345 });
  expect(await modeOf(file)).toBe(0o640);
});

test('of a link, what it leads to is replaced, through other links and when it is not there yet', async () => {
  const file = await newFile();
  const folder = dirname(file);
  await mkdir(join(folder, 'real'));
  await symlink('real', join(folder, 'folder'));
  await symlink('folder/data.json', join(folder, 'second'));
  await symlink('second', file);
  for (const text of ['new', 'newer']) {
    await writeFileAtomic(file, text);
    expect(await readFile(join(folder, 'real', 'data.json'), 'utf8')).toBe(text);
  }
  expect((await lstat(join(folder, 'real', 'data.json'))).isFile()).toBe(true);
  expect(await readlink(file)).toBe('second');
  expect(await readlink(join(folder, 'second'))).toBe('folder/data.json');
  expect(await readdir(join(folder, 'real'))).toEqual(['data.json']);
});

test('links in a circle lead nowhere', async () => {
  const file = await newFile();
  await symlink('other', file);
  await symlink('data.json', join(dirname(file), 'other'));
  await expect(writeFileAtomic(file, 'x')).rejects.toMatchObject({ code: 'ELOOP' });
});

test('what cannot be replaced is left, with nothing beside it', async () => {
  const file = await newFile();
  await mkdir(file);
  await expect(writeFileAtomic(file, 'x')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(await namesBeside(file)).toEqual(['data.json']);
  await expect(writeFileAtomic(join(file, 'no', 'folder.json'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('many writers at once and a reader: every text is whole, and that of one of them', async () => {
  const file = await newFile();
  const texts = Array.from({ length: 20 }, (_, index) => String(index).padStart(2, '0').repeat(50_000));
  await writeFileAtomic(file, texts[0] ?? '');
  let isWriting = true;
  const writes = Promise.all(texts.map((text) => writeFileAtomic(file, text))).then(() => {
    isWriting = false;
  });
  for (let reads = 0; isWriting || reads < 10; reads += 1) expect(texts).toContain(await readFile(file, 'utf8'));
  await writes;
  expect(await namesBeside(file)).toEqual(['data.json']);
});

test('a disk that gets full leaves the file as it was', async () => {
  const file = await newFile();
  await writeFile(file, 'as it was');
  const script = join(import.meta.dirname, '..', 'fixtures', 'write-much.ts');
  // The shell's unit is 512 or 1024 bytes.
  const run = promisify(execFile)('sh', ['-c', `ulimit -f 8; exec "$0" "$@"`, process.execPath, script, file]);
  expect((await run).stdout).toBe('EFBIG\n');
  expect(await readFile(file, 'utf8')).toBe('as it was');
  expect(await namesBeside(file)).toEqual(['data.json']);
});
