import { expect, test } from 'vitest';
import { type Evidence, isLeftBehind } from '../../src/locks/verdict.ts';

const none = { hasEnded: false, unchangedMs: 0, ageMs: 0, staleMs: 30_000 };
const hour = 3_600_000;

test.each<[Partial<Evidence> & Pick<Evidence, 'kind'>, boolean]>([
  [{ kind: 'owner' }, false],
  [{ kind: 'owner', hasEnded: true }, true],
  [{ kind: 'owner', unchangedMs: hour, ageMs: hour, staleMs: 0 }, false],
  [{ kind: 'malformed' }, false],
  [{ kind: 'malformed', unchangedMs: 1999, ageMs: hour, staleMs: 0 }, false],
  [{ kind: 'malformed', unchangedMs: 2000 }, true],
  [{ kind: 'empty', unchangedMs: hour, ageMs: 29_999 }, false],
  // A clock that was set forward.
  [{ kind: 'empty', unchangedMs: 1999, ageMs: hour }, false],
  [{ kind: 'empty', unchangedMs: 2000, ageMs: 30_000 }, true],
  [{ kind: 'empty', unchangedMs: 2000, ageMs: 2000, staleMs: 0 }, true],
  [{ kind: 'hidden', hasEnded: true, unchangedMs: hour, ageMs: hour, staleMs: 0 }, false],
])('%j is left behind: %s', (evidence, expected) => {
  expect(isLeftBehind({ ...none, ...evidence })).toBe(expected);
});
