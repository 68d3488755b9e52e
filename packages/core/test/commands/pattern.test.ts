import { expect, test } from 'vitest';
import { random } from '../../../../test-support/random.ts';
import { compilePattern } from '../../src/commands/pattern.ts';

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
    for (let line = 0; line < 16; line += 1) pattern.test(`${'a'.repeat(16_000)}!`);
    expect(performance.now() - began).toBeLessThan(5000);
  },
);

test('one that is slow on long lines is given up', async () => {
  const pattern = await compilePattern('[ab]*a[ab]{400}c');
  const next = random(7);
  const noise = Array.from({ length: 16_000 }, () => (next() < 0.5 ? 'a' : 'b')).join('');
  const testAll = (): void => {
    for (let line = 0; line < 1000; line += 1) pattern.test(`c${noise}`);
  };
  expect(testAll).toThrow(
    expect.objectContaining({ code: 'PB_PATTERN_REFUSED', message: expect.stringContaining('too long') }),
  );
});
