import type { Cause, Decision, ExitInfo } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { mistakesInFields } from '../../../test-support/mistakes.ts';
import { delayBefore } from '../src/backoff.ts';
import { restart } from '../src/index.ts';
import { decide, type History, noHistory, type Policy } from '../src/policy.ts';
import { completePolicy, fields } from '../src/settings.ts';

const exact = completePolicy({ backoff: { initial: 200, max: 1000, jitter: 'none' } });

function exit(facts: Partial<ExitInfo> & { because?: Partial<Cause> } = {}): ExitInfo {
  const { because, ...rest } = facts;
  const cause: Cause = { code: 'exited', message: 'exited with code 1', evidence: ['boom'], ...because };
  return { code: 1, signal: null, uptimeMs: 5, readyMs: 0, wasReady: false, condemned: false, ...rest, cause };
}

/** Fails again and again, each time `upMs` after its start, until the policy stops it or `most` tries are made. */
function crash(policy: Policy, upMs: number, most: number): { decisions: Decision[]; spawns: number } {
  let history: History = noHistory;
  let now = 0;
  const decisions: Decision[] = [];
  for (let spawns = 1; ; spawns++) {
    now += upMs;
    const next = decide(policy, history, exit({ uptimeMs: upMs, readyMs: upMs, wasReady: true }), now, 0.5);
    decisions.push(next.decision);
    if (next.decision.action !== 'retry' || spawns === most) return { decisions, spawns };
    history = next.history;
    now += next.decision.delayMs;
  }
}

const delays = (decisions: Decision[]) => decisions.flatMap((d) => (d.action === 'retry' ? [d.delayMs] : []));

describe('backoff', () => {
  it('grows by the factor up to the cap', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => delayBefore(exact.backoff, attempt, 0))).toEqual([
      200, 400, 800, 1000, 1000,
    ]);
  });

  it('never shrinks with full jitter, whatever the dice say', () => {
    const backoff = completePolicy({ backoff: { initial: 200, max: 1000 } }).backoff;
    const lowest = [1, 2, 3, 4, 5, 6].map((attempt) => delayBefore(backoff, attempt, 0));
    const highest = [1, 2, 3, 4, 5, 6].map((attempt) => delayBefore(backoff, attempt, 0.999_999));
    expect(lowest).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(highest).toEqual([200, 400, 800, 1000, 1000, 1000]);
    for (const [index, low] of lowest.slice(1).entries()) expect(low).toBeGreaterThanOrEqual(highest[index] ?? 0);
  });

  it('is drawn from the upper half of its step with equal jitter', () => {
    const backoff = completePolicy({ backoff: { initial: 200, max: 1000, jitter: 'equal' } }).backoff;
    expect([1, 2, 3, 4].map((attempt) => delayBefore(backoff, attempt, 0))).toEqual([100, 200, 400, 500]);
    expect([1, 2, 3, 4].map((attempt) => delayBefore(backoff, attempt, 0.999_999))).toEqual([200, 400, 800, 1000]);
  });

  it('grows for late crashes too', () => {
    const { decisions } = crash({ ...exact, maxRestarts: 20 }, 2000, 6);
    expect(delays(decisions)).toEqual([200, 400, 800, 1000, 1000, 1000]);
  });

  it('starts over after a stable time', () => {
    const { decisions } = crash({ ...exact, windowMs: 1000 }, 10_000, 8);
    expect(delays(decisions)).toEqual(Array(8).fill(200));
    expect(decisions).toContainEqual({ action: 'retry', delayMs: 200, attempt: 1 });
  });

  it('counts the time of being ready, not of being up', () => {
    const history: History = { streak: 2, restartedAt: [0, 1] };
    const { decision } = decide(exact, history, exit({ uptimeMs: 60_000, readyMs: 9_999 }), 60_000, 0);
    expect(decision).toEqual({ action: 'retry', delayMs: 800, attempt: 3 });
  });
});

describe('crash loop', () => {
  it('allows exactly the maximum of restarts', () => {
    const { decisions, spawns } = crash(exact, 10, 100);
    expect(spawns).toBe(1 + 5);
    expect(decisions.at(-1)).toEqual({
      action: 'giveUp',
      cause: {
        code: 'crashLoop',
        message: '5 restarts in 3.5 s, limit 5 in 60 s',
        evidence: ['exited with code 1', 'boom'],
      },
    });
  });

  it('is seen although the process was stable each time, when the window is full', () => {
    const { decisions, spawns } = crash({ ...exact, resetAfterMs: 2000 }, 3000, 100);
    expect(spawns).toBe(1 + 5);
    expect(delays(decisions)).toEqual(Array(5).fill(200));
  });

  it('is seen although the delays outlast the window', () => {
    const slow = completePolicy({
      backoff: { initial: 4000, factor: 1, jitter: 'none' },
      maxRestarts: 3,
      window: 5000,
    });
    const { decisions, spawns } = crash(slow, 10, 100);
    expect(spawns).toBe(1 + 3);
    expect(decisions.at(-1)).toMatchObject({
      cause: { code: 'crashLoop', message: '3 restarts in 12 s without 10 s of being ready, limit 3' },
    });
  });

  it('forgets restarts that left the window', () => {
    const { decisions } = crash({ ...exact, windowMs: 40_000 }, 10_000, 50);
    expect(decisions).toHaveLength(50);
  });

  it('is no crash loop when no restart is allowed at all', () => {
    const failure = exit();
    const { decision } = decide({ ...exact, maxRestarts: 0 }, noHistory, failure, 0, 0);
    expect(decision).toEqual({ action: 'giveUp', cause: failure.cause });
  });
});

describe('policy', () => {
  const after = (policy: Policy, facts: Parameters<typeof exit>[0]) =>
    decide(policy, noHistory, exit(facts), 0, 0).decision.action;

  it.each([
    ['on-failure', 0, 'settle'],
    ['on-failure', 1, 'retry'],
    ['always', 0, 'retry'],
    ['always', 1, 'retry'],
    ['unless-stopped', 0, 'retry'],
    ['unless-stopped', 1, 'retry'],
    ['never', 0, 'settle'],
    ['never', 1, 'giveUp'],
  ] as const)('%s, exit code %i: %s', (when, code, action) => {
    expect(after({ ...exact, when }, { code })).toBe(action);
  });

  it('takes 128 + n for a death by signal n', () => {
    const interrupted = { code: null, signal: 'SIGINT', because: { code: 'signalled' } } as const;
    expect(after(exact, interrupted)).toBe('retry');
    expect(after({ ...exact, successCodes: [130] }, interrupted)).toBe('settle');
    expect(after({ ...exact, successCodes: [130] }, { code: 130 })).toBe('settle');
  });

  it('takes a clean exit for a failure when it was ended for being one', () => {
    expect(after(exact, { code: 0, condemned: true, because: { code: 'unhealthy' } })).toBe('retry');
  });

  it.each(['on-failure', 'always', 'unless-stopped'] as const)(
    'gives up at once after a code that is in noRestartCodes, and says so: %s',
    (when) => {
      const { decision } = decide({ ...exact, when, noRestartCodes: [1] }, noHistory, exit(), 0, 0);
      const message = 'exited with code 1, which is in noRestartCodes';
      expect(decision).toEqual({ action: 'giveUp', cause: { code: 'exited', message, evidence: ['boom'] } });
    },
  );

  it('takes 128 + n in noRestartCodes for a death by signal n, but not when it was ended for a failure', () => {
    const policy = { ...exact, noRestartCodes: [143] };
    const terminated = { code: null, signal: 'SIGTERM' } as const;
    expect(after(policy, terminated)).toBe('giveUp');
    expect(after(policy, { ...terminated, condemned: true, because: { code: 'unhealthy' } })).toBe('retry');
  });

  it.each(['crashLoop', 'commandNotFound'] as const)('gives up at once: %s', (code) => {
    const hopeless = exit({ because: { code } });
    const { decision } = decide({ ...exact, when: 'always' }, noHistory, hopeless, 0, 0);
    expect(decision).toEqual({ action: 'giveUp', cause: hopeless.cause });
  });

  it.each([
    ['a file that may be there the next time', { because: { code: 'missingFile' } }],
    ['what somebody may allow', { because: { code: 'permissionDenied' } }],
    ['a command that was missed by what had been ready', { wasReady: true, because: { code: 'commandNotFound' } }],
  ] as const)('tries again for %s', (_, facts) => {
    expect(decide({ ...exact, when: 'always' }, noHistory, exit(facts), 0, 0).decision.action).toBe('retry');
  });
});

describe('settings', () => {
  it('take a policy alone', () => {
    expect(fields.parse('always')).toEqual({ policy: 'always' });
  });

  it('of a process win over those of the plugin, which win over the defaults', () => {
    const own = fields.parse({ backoff: { initial: '1s' }, successCodes: [0, 2] });
    expect(completePolicy(own, { maxRestarts: 3, backoff: { initial: 5, max: 6 } })).toEqual({
      when: 'on-failure',
      backoff: { initialMs: 1000, factor: 2, maxMs: 6, jitter: 'full' },
      resetAfterMs: 10_000,
      maxRestarts: 3,
      windowMs: 60_000,
      successCodes: [0, 2],
      noRestartCodes: [],
    });
  });

  it.each([
    [
      { backoff: { initial: 'soon' }, maxRestart: 3 },
      'restart.backoff.initial is "soon", expected a duration, such as 500, "500ms", "2s", "5m" or "1h".',
      'restart has an unknown key "maxRestart". Did you mean "maxRestarts"?',
    ],
    [
      'allways',
      'restart is "allways", expected "on-failure", "always", "never" or "unless-stopped" or an object. Did you mean "always"?',
    ],
    [{ window: '1 min' }, expect.stringContaining('Did you mean "1m"?')],
  ])('%j is a mistake, told by its key', async (input, ...mistakes) => {
    const expected = mistakes.map((one) => (typeof one === 'string' ? `processes.web.${one}` : one));
    expect(await mistakesInFields(restart(), input)).toEqual(expected);
  });
});
