import { expect, test } from 'vitest';
import { mergeByTime } from '../../src/render/merge.ts';

test('what several have written is merged by time, and what one has written stays in order when the clock was set back', () => {
  const one = [1, 5, 2].map((at) => ({ by: 'one', at }));
  const other = [3, 4, 6].map((at) => ({ by: 'other', at }));
  const merged = [...mergeByTime([one, [], other])].map(({ by, at }) => `${by} ${at}`);
  expect(merged).toEqual(['one 1', 'other 3', 'other 4', 'one 5', 'one 2', 'other 6']);
});
