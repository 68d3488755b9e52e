import { expect, test } from 'vitest';
import { compilePattern, matchLines } from '../../src/commands/pattern.ts';
import { random } from '../support/random.ts';
import { lines } from './line.ts';

const { signal } = new AbortController();

test('a pattern is found in a line, whatever its colours', async () => {
  const pattern = await compilePattern('(?i)no (table|column)');
  expect(pattern.test('\u001B[31merror: No\u001B[0m table notes')).toBe(true);
  expect(pattern.test('error: notable')).toBe(false);
});

test.for(['(', 'a(?=b)', '(a)\\1', '[z-a]', 'a{2000}'])('%o is refused with what to do', async (source) => {
  await expect(compilePattern(source)).rejects.toMatchObject({
    code: 'PB_PATTERN_REFUSED',
    message: expect.stringContaining(JSON.stringify(source)),
    hint: expect.stringContaining('RE2'),
  });
});

test('one that would be large when it is written out is refused', async () => {
  await expect(compilePattern('(?:[ab]{30}){30}')).rejects.toMatchObject({
    code: 'PB_PATTERN_REFUSED',
    message: expect.stringContaining('too large'),
  });
});

test.for(['(a+)+$', '(a|a)*b', '(a|aa)+c', '(.*a){12}b', '(a*)*(a*)*(a*)*c'])(
  '%o takes no more than linear time',
  async (source) => {
    const began = performance.now();
    const pattern = await compilePattern(source);
    await matchLines(lines(...Array<string>(16).fill(`${'a'.repeat(16_000)}!`)), pattern, signal);
    expect(performance.now() - began).toBeLessThan(5000);
  },
);

test('one that is slow on long lines is given up, and others have their turns meanwhile', async () => {
  const pattern = await compilePattern('[ab]*a[ab]{400}c');
  const next = random(7);
  const noise = Array.from({ length: 16_000 }, () => (next() < 0.5 ? 'a' : 'b')).join('');
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  try {
    await expect(matchLines(lines(...Array<string>(200).fill(`c${noise}`)), pattern, signal)).rejects.toMatchObject({
      code: 'PB_PATTERN_REFUSED',
      message: expect.stringContaining('too long'),
    });
  } finally {
    clearInterval(timer);
  }
  expect(turns).toBeGreaterThan(0);
});

test('a search ends when nobody needs it any more', async () => {
  const gone = new AbortController();
  const pattern = await compilePattern('x');
  const search = matchLines(lines(...Array<string>(50_000).fill('y'.repeat(100))), pattern, gone.signal);
  gone.abort(new Error('disconnected'));
  await expect(search).rejects.toThrow('disconnected');
});
