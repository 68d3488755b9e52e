import { describe, expect, it } from 'vitest';
import { count, summarize, type Tally } from '../src/tally.ts';

const bad = (brief: string) => ({ brief, line: `at some time: ${brief}` });
const alive: Tally = { status: 'true', successes: 1, failures: [] };

/** Statuses after each of the outcomes; `+` is a good check, `-` a bad one. */
function statuses(start: Tally, thresholds: { failureThreshold: number; successThreshold: number }, outcomes: string) {
  let tally = start;
  return [...outcomes].map((outcome) => {
    tally = count(tally, thresholds, outcome === '+' ? undefined : bad('HTTP 503'));
    return tally.status;
  });
}

describe('count', () => {
  it('turns at the third failure in a row, not at the second', () => {
    const thresholds = { failureThreshold: 3, successThreshold: 1 };
    expect(statuses(alive, thresholds, '---')).toEqual(['true', 'true', 'false']);
    expect(statuses(alive, thresholds, '--+--+--')).toEqual(Array(8).fill('true'));
  });

  it('turns back after as many good ones as it is told', () => {
    const thresholds = { failureThreshold: 1, successThreshold: 2 };
    expect(statuses(alive, thresholds, '-+-++')).toEqual(['false', 'false', 'false', 'false', 'true']);
  });

  it('stays unknown until a threshold is reached', () => {
    const unknown: Tally = { status: 'unknown', successes: 0, failures: [] };
    expect(statuses(unknown, { failureThreshold: 2, successThreshold: 2 }, '+-++')).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'true',
    ]);
  });

  it('keeps the newest failures only, up to the threshold', () => {
    let tally = alive;
    for (const brief of ['a', 'b', 'c', 'd'])
      tally = count(tally, { failureThreshold: 2, successThreshold: 1 }, bad(brief));
    expect(tally.failures.map(({ brief }) => brief)).toEqual(['c', 'd']);
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
