import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../src/errors/codes.ts';

const packages = join(import.meta.dirname, '..', '..', '..');
const table = 'core/src/errors/codes.ts';
const sources = textsOf('*/{src,bin}/**/*.{ts,js}').filter(({ file }) => file !== table);

function textsOf(pattern: string): { file: string; text: string }[] {
  return globSync(pattern, { cwd: packages, exclude: ['**/node_modules/**'] }).map((file) => ({
    file,
    text: readFileSync(join(packages, file), 'utf8'),
  }));
}

test.each(Object.keys(errorCodes))('%s is given by something', (code) => {
  // Not what is only compared with it, listed in a type or mentioned in a comment.
  const given = new RegExp(`(?<![=!]==? |\\| |case )'${code}'`);
  expect(sources.some(({ text }) => given.test(text))).toBe(true);
});

test('every code that is written anywhere is in the table', () => {
  const unknown = [...sources, ...textsOf('*/README.md')].flatMap(({ file, text }) =>
    [...text.matchAll(/\bPB_[A-Z_]+/g)].flatMap(([code]) => (code in errorCodes ? [] : [`${file}: ${code}`])),
  );
  expect(unknown).toEqual([]);
});

test('every meaning is one sentence', () => {
  for (const meaning of Object.values(errorCodes)) expect(meaning).toMatch(/^[A-Z`][^|\n]*\.$/);
});
