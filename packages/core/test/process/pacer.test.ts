import { setImmediate as nextIteration } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Pacer } from '../../src/process/pacer.ts';

test('many that begin at once leave the event loop its turns, in their order', async () => {
  let now = 0;
  const pacer = new Pacer(() => now);
  const seen: (number | 'turn')[] = [];
  let isOver = false;
  const turns = (async () => {
    while (!isOver) {
      await nextIteration();
      seen.push('turn');
    }
  })();
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      pacer.begin(() => {
        seen.push(index);
        now += 80;
      }),
    ),
  );
  isOver = true;
  await turns;
  const rounds = seen
    .join()
    .split(/(?:,?turn,?)+/)
    .filter(Boolean);
  expect(rounds).toEqual(['0,1,2', '3,4,5', '6,7']);
});

test('one by itself waits for nothing', () => {
  let isBegun = false;
  void new Pacer().begin(() => {
    isBegun = true;
  });
  expect(isBegun).toBe(true);
});
