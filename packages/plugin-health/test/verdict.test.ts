import { expect, it } from 'vitest';
import { begin, count, type Rules, type Tally } from '../src/tally.ts';
import { isNews, sayingOf } from '../src/verdict.ts';

const flapping = { changes: 2, windowMs: 60_000 };
const rules: Rules = { failureThreshold: 2, successThreshold: 1, flapping };

/** What is said of `liveness` after each outcome, a second from one to the next; `+` is good, `-` is HTTP 503. */
function news(outcomes: string, more: Partial<Rules> = {}) {
  let tally: Tally = begin({ status: 'true', reason: 'CheckPassed', since: 0 });
  return [...outcomes].map((outcome, index) => {
    const at = { now: index * 1000, wall: index * 1000 };
    const after = count(
      tally,
      { ...rules, ...more },
      at,
      outcome === '+' ? undefined : { brief: 'HTTP 503', line: `line ${index}`, isFinal: false },
    );
    const said = isNews(tally, after) ? sayingOf('liveness', tally, after, flapping) : undefined;
    tally = after;
    return said;
  });
}

it('tells the first failure, the threshold and the recovery, and nothing in between', () => {
  expect(news('+--' + '--' + '++')).toEqual([
    undefined,
    {
      status: 'true',
      reason: 'CheckFailing',
      message: 'liveness: HTTP 503',
      evidence: ['line 1'],
      failing: { verdict: 'transient', failures: 1, since: 1000, lastGoodAt: 0 },
    },
    {
      status: 'false',
      reason: 'CheckFailed',
      message: 'liveness: HTTP 503 ×2',
      evidence: ['line 1', 'line 2'],
      failing: { verdict: 'persistent', failures: 2, since: 1000, lastGoodAt: 0 },
    },
    undefined,
    undefined,
    { status: 'true', reason: 'CheckPassed' },
    undefined,
  ]);
});

it('tells once that it flaps, then only what the status does, then once that it does not any more', () => {
  const said = news(`-+-+--+${'+'.repeat(60)}`).map((one) => one && [one.status, one.reason, one.failing?.verdict]);
  expect(said.filter((one) => one !== undefined)).toEqual([
    ['true', 'CheckFailing', 'transient'],
    ['true', 'CheckPassed', undefined],
    ['true', 'Flapping', 'flapping'],
    ['false', 'CheckFailed', 'flapping'],
    ['true', 'CheckPassed', 'flapping'],
    ['true', 'CheckPassed', undefined],
  ]);
});

it('says how often it turned, and what was seen last', () => {
  expect(news('-+-')[2]?.message).toBe('liveness: turned more than 2 times within 60 s, HTTP 503');
  expect(news('+-+-+', {})[3]?.failing).toEqual({ verdict: 'flapping', failures: 1, since: 3000, lastGoodAt: 2000 });
});

it('shows the newest eight failures as evidence', () => {
  expect(news('-'.repeat(20), { failureThreshold: 20 })[19]?.evidence).toEqual(
    Array.from({ length: 8 }, (_, index) => `line ${index + 12}`),
  );
});
