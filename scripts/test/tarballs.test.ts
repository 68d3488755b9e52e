import { expect, test } from 'vitest';
import { findContentMistakes } from '../checks/tarballs.ts';

const needed = ['LICENSE', 'README.md', 'package.json'];

test('what was built, the license and the readme are a tarball', () => {
  expect(findContentMistakes([...needed, 'bin/promptbin.js', 'dist/index.js', 'dist/test/index.d.ts'])).toEqual([]);
});

test('sources, tests, build records and maps do not belong in one', () => {
  const strays = ['src/index.ts', 'test/a.test.ts', 'dist/a.test.js', 'dist/.tsbuildinfo', 'dist/index.js.map'];
  expect(findContentMistakes([...needed, ...strays])).toEqual(strays.map((path) => `contains ${path}`));
});

test('nor does one go without its license and readme', () => {
  expect(findContentMistakes(['package.json'])).toEqual(['lacks LICENSE', 'lacks README.md']);
});
