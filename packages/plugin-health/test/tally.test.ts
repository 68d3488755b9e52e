import { describe, expect, it } from 'vitest';
import { begin, count, type Rules, summarize, type Tally } from '../src/tally.ts';

const bad = (brief: string) => ({ brief, line: `at some time: ${brief}`, isFinal: false });
const flapping = { changes: 4, windowMs: 300_000 };
const rulesOf = (failureThreshold: number, successThreshold = 1, more: Partial<Rules> = {}): Rules => ({
  failureThreshold,
  successThreshold,
  flapping,
  ...more,
});
const alive = begin({ status: 'true', reason: 'CheckPassed', since: 0 });
const unknown = begin({ status: 'unknown', reason: 'NotChecked', since: 0 });

/** Tallies after each of the outcomes, 10 s from one to the next; `+` is a good check, `-` a bad one. */
function tallies(start: Tally, rules: Rules, outcomes: string): Tally[] {
  let tally = start;
  return [...outcomes].map((outcome, index) => {
    const at = { now: (index + 1) * 10_000, wall: 1_000_000 + (index + 1) * 10_000 };
    tally = count(tally, rules, at, outcome === '+' ? undefined : bad('HTTP 503'));
    return tally;
  });
}
const statuses = (...args: Parameters<typeof tallies>) => tallies(...args).map(({ status }) => status);
const verdicts = (...args: Parameters<typeof tallies>) => tallies(...args).map(({ verdict }) => verdict ?? 'good');

describe('the status', () => {
  it('turns at the third failure in a row, not at the second', () => {
    expect(statuses(alive, rulesOf(3), '---')).toEqual(['true', 'true', 'false']);
    expect(statuses(alive, rulesOf(3), '--+--+--')).toEqual(Array(8).fill('true'));
  });

  it('turns back after as many good ones as it is told', () => {
    expect(statuses(alive, rulesOf(1, 2), '-+-++')).toEqual(['false', 'false', 'false', 'false', 'true']);
  });

  it('stays unknown until a threshold is reached', () => {
    expect(statuses(unknown, rulesOf(2, 2), '+-++')).toEqual(['unknown', 'unknown', 'unknown', 'true']);
    expect(statuses(unknown, rulesOf(2, 2), '--')).toEqual(['unknown', 'false']);
  });
});

it('turns at once at a failure that is final', () => {
  const final = { ...bad('WATCHDOG=trigger'), isFinal: true };
  const after = count(alive, rulesOf(3), { now: 1, wall: 1 }, final);
  expect(after).toMatchObject({ status: 'false', verdict: 'persistent', row: 1 });
});

describe('the verdict', () => {
  it('is transient below the threshold and persistent from there on, until all is well again', () => {
    expect(verdicts(alive, rulesOf(3), '+--+---+')).toEqual([
      ...['good', 'transient', 'transient', 'good'],
      ...['transient', 'transient', 'persistent', 'good'],
    ]);
  });

  it('is persistent at once with a threshold of one', () => {
    expect(verdicts(alive, rulesOf(1), '-+')).toEqual(['persistent', 'good']);
  });

  it('ends only with as many good ones as the status asks for', () => {
    expect(verdicts(alive, rulesOf(3, 2), '-+-++')).toEqual([
      'transient',
      'transient',
      'transient',
      'transient',
      'good',
    ]);
  });

  it('goes on from what was said before', () => {
    const failing = { verdict: 'transient', failures: 1, since: 5, lastGoodAt: 4 } as const;
    const known = begin({ status: 'true', reason: 'CheckFailing', since: 0, failing });
    expect(known).toMatchObject({ verdict: 'transient', fails: true, since: 5, lastGoodAt: 4 });
    expect(verdicts(known, rulesOf(3), '+')).toEqual(['good']);
  });

  it('knows how many, since when, and when it was good last', () => {
    const last = tallies(alive, rulesOf(3), '+-----').at(-1);
    expect(last).toMatchObject({ row: 5, since: 1_020_000, lastGoodAt: 1_010_000 });
    expect(last?.failures).toHaveLength(3);
    expect(tallies(unknown, rulesOf(3), '-').at(-1)?.lastGoodAt).toBeUndefined();
  });
});

describe('flapping', () => {
  it('is more changes than allowed within the window, however short each failure is', () => {
    expect(verdicts(alive, rulesOf(3), '-+-+-+')).toEqual([
      ...['transient', 'good', 'transient', 'good'],
      ...['flapping', 'flapping'],
    ]);
  });

  it('lets the status follow the truth', () => {
    const both = tallies(alive, rulesOf(2), '-+-+-+---+').map(({ status, verdict }) =>
      `${status} ${verdict ?? ''}`.trim(),
    );
    expect(both.slice(5)).toEqual([
      'true flapping',
      'true flapping',
      'false flapping',
      'false flapping',
      'true flapping',
    ]);
  });

  it('ends when the changes have become few, not at the edge of too many', () => {
    // The changes are at 10, 20, 30, 40 and 50 s; within 100 s two of them are left at 130 s.
    const rules = rulesOf(3, 1, { flapping: { changes: 4, windowMs: 100_000 } });
    const outcome = verdicts(alive, rules, `-+-+${'-'.repeat(12)}`);
    expect(outcome.lastIndexOf('flapping')).toBe(11);
    expect(outcome.slice(12)).toEqual(Array(4).fill('persistent'));
  });

  it('ends well when all is well', () => {
    const rules = rulesOf(3, 1, { flapping: { changes: 4, windowMs: 100_000 } });
    expect(verdicts(alive, rules, `-+-+-${'+'.repeat(12)}`).at(-1)).toBe('good');
  });

  it('keeps no more changes than it needs', () => {
    expect(tallies(alive, rulesOf(3), '-+'.repeat(50)).at(-1)?.turns).toHaveLength(5);
  });
});

describe('summarize', () => {
  it('counts what repeats', () => {
    expect(summarize([bad('HTTP 503'), bad('HTTP 503'), bad('HTTP 503')])).toBe('HTTP 503 ×3');
    expect(summarize([bad('HTTP 503'), bad('HTTP 503'), bad('no answer within 2 s')])).toBe(
      'HTTP 503 ×2, no answer within 2 s',
    );
  });
});
