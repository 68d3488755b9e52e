import { expect, test } from 'vitest';
import { requiredBy, runSuite } from './run.ts';
import { serveFixtures } from './serve.ts';

test.each([
  ['2025-11-25', 30],
  ['2026-07-28', 37],
])('all that revision %s requires of a server passes, and nothing is left out', async (revision, count) => {
  const required = await requiredBy(revision);
  expect(required).toHaveLength(count);
  const found = await runSuite('present', await serveFixtures(), ['--requirements', revision]);
  expect(Object.fromEntries(required.map((scenario) => [scenario, found.get(scenario)]))).toEqual(
    Object.fromEntries(required.map((scenario) => [scenario, 'passed'])),
  );
});

test('the suite of the older revisions passes as a whole', async () => {
  const found = await runSuite('older', await serveFixtures(), ['--suite', 'active']);
  expect(found.size).toBe(30);
  expect([...found].filter(([, outcome]) => outcome !== 'passed')).toEqual([]);
});
