import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GitIgnore } from '../../src/watch/gitignore.ts';
import { temporaryFolder } from './folder.ts';

const files = {
  '.git/info/exclude': 'private.py\n',
  '.gitignore': '# build\n/build/\n*.tmp\n!keep.tmp\ndata/\n',
  'lib/.gitignore': '*.gen.py\n!hand.gen.py\n',
  'lib/build/x.py': '',
};

it.each([
  ['app.py', false],
  ['private.py', true],
  ['build/', true],
  ['lib/build/', false],
  ['build', false],
  ['a.tmp', true],
  ['lib/deep/a.tmp', true],
  ['keep.tmp', false],
  ['lib/x.gen.py', true],
  ['lib/hand.gen.py', false],
  ['x.gen.py', false],
  ['data/', true],
])('%s is left out: %s', async (name, expected) => {
  const folder = await temporaryFolder(files);
  const git = new GitIgnore(folder);
  expect(git.leavesOut(join(folder, name), name.endsWith('/'))).toBe(expected);
});

it('counts from the top of the work tree, wherever the watched folder is in it', async () => {
  const folder = await temporaryFolder(files);
  const git = new GitIgnore(join(folder, 'lib'));
  expect(git.leavesOut(join(folder, 'lib', 'a.tmp'), false)).toBe(true);
  expect(git.leavesOut(join(folder, 'lib', 'a.py'), false)).toBe(false);
});

it('does not count in a folder that is left out itself, for somebody watches that on purpose', async () => {
  const folder = await temporaryFolder({ ...files, 'data/a.tmp': '' });
  const git = new GitIgnore(join(folder, 'data'));
  expect(git.leavesOut(join(folder, 'data', 'a.tmp'), false)).toBe(false);
  expect(git.leavesOut(join(folder, 'data', 'deep'), true)).toBe(false);
});

it('counts without a work tree of git, too', async () => {
  const folder = await temporaryFolder({ '.gitignore': 'out/\n' });
  expect(new GitIgnore(folder).leavesOut(join(folder, 'out'), true)).toBe(true);
});
