import { describe, expect, test } from 'vitest';
import type { ManagerEvent } from '../../src/contract/events.ts';
import type { Condition, Failing } from '../../src/contract/process.ts';
import { describeEvent } from '../../src/state/describe.ts';
import { describeFailing } from '../../src/state/words.ts';

const failing: Failing = { verdict: 'transient', failures: 1, since: 0 };

function told(value: Omit<Condition, 'since'>): string {
  const data = { name: 'web', generation: 1, condition: 'healthy', value: { ...value, since: 0 } } as const;
  const event: ManagerEvent = { seq: 1, at: 0, type: 'process.condition', data };
  const { level, text } = describeEvent(event);
  return `${level}: ${text}`;
}

describe('a condition', () => {
  const message = 'liveness: HTTP 503';

  test('that turns is told', () => {
    expect(told({ status: 'true', reason: 'CheckPassed' })).toBe('info: web is healthy');
    const persistent = { ...failing, verdict: 'persistent' } as const;
    expect(told({ status: 'false', reason: 'CheckFailed', message, failing: persistent })).toBe(
      'warn: web is not healthy: liveness: HTTP 503',
    );
  });

  test('that stands while a check has failed is told as such', () => {
    expect(told({ status: 'true', reason: 'CheckFailing', message, failing })).toBe(
      'info: web is healthy, but a check has failed: liveness: HTTP 503',
    );
    expect(told({ status: 'unknown', reason: 'CheckFailing', message, failing })).toBe(
      'info: web is perhaps healthy, but a check has failed: liveness: HTTP 503',
    );
  });

  test('that flaps is told once; what it turns to meanwhile is not', () => {
    const flapping = { ...failing, verdict: 'flapping' } as const;
    expect(told({ status: 'true', reason: 'Flapping', message, failing: flapping })).toBe(
      'warn: web keeps turning between healthy and not: liveness: HTTP 503',
    );
    expect(told({ status: 'false', reason: 'CheckFailed', message, failing: flapping })).toMatch(/^debug: /);
    expect(told({ status: 'true', reason: 'CheckPassed', failing: flapping })).toMatch(/^debug: /);
  });

  test('whose text alone is new is not told', () => {
    expect(told({ status: 'true', reason: 'StatusText', message: 'served 7' })).toMatch(/^debug: /);
  });
});

test('how it fails is one sentence', () => {
  expect(describeFailing({ ...failing, lastGoodAt: 9000 })).toBe(
    'transient: 1 failure in a row since 1970-01-01T00:00:00.000Z, last good answer at 1970-01-01T00:00:09.000Z',
  );
  expect(describeFailing({ verdict: 'persistent', failures: 3, since: 0 })).toBe(
    'persistent: 3 failures in a row since 1970-01-01T00:00:00.000Z, no good answer yet',
  );
  expect(describeFailing({ verdict: 'flapping', failures: 0, since: 0, lastGoodAt: 0 })).toMatch(
    /^flapping: the last failures since 1970/,
  );
});

test('which resources have changed is told to those who look for it', () => {
  const data = { uris: ['notes://all', 'notes://1'] };
  expect(describeEvent({ seq: 1, at: 0, type: 'resource.changed', data })).toEqual({
    level: 'debug',
    text: 'resources have changed: notes://all, notes://1',
  });
});
