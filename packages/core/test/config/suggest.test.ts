import { expect, test } from 'vitest';
import { nearest } from '../../src/config/suggest.ts';

const names = ['web', 'worker', 'database', 'setup', 'start', 'restart', 'dependsOn', 'SIGTERM'];

test.each([
  ['restrt', 'restart'],
  ['strat', 'start'],
  ['wbe', 'web'],
  ['databse', 'database'],
  ['DATABASE', 'database'],
  ['depends_on', 'dependsOn'],
  ['set-up', 'setup'],
  ['TERM', 'SIGTERM'],
])('%s → %s', (word, meant) => {
  expect(nearest(word, names)).toBe(meant);
});

test.each(['', 'x', 'api', 'frontend', 'on'])('%j is near to none', (word) => {
  expect(nearest(word, names)).toBeUndefined();
});
