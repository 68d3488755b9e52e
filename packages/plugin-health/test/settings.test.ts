import { describe, expect, it } from 'vitest';
import { mistakesInFields } from '../../../test-support/mistakes.ts';
import { health } from '../src/index.ts';
import { fields, options } from '../src/settings.ts';

const defaults = {
  // The manager's config has the default.
  periodMs: undefined,
  timeoutMs: 2000,
  retries: 2,
  initialDelayMs: 0,
  failureThreshold: 3,
  successThreshold: 1,
};
const http = { path: '/health' };
const startup = { http, periodMs: 250, timeoutMs: 2000, retries: 0, initialDelayMs: 0, failureThreshold: undefined };

describe('fields', () => {
  it('a path alone means startup, and readiness and liveness by one request', () => {
    const plan = { port: undefined, startup, running: [{ ...defaults, http, kinds: ['readiness', 'liveness'] }] };
    expect(fields.parse('/health')).toEqual(plan);
    expect(fields.parse({ http: '/health' })).toEqual(plan);
  });

  it('each kind may differ; what it leaves out is as around it', () => {
    const plan = fields.parse({
      http: '/health',
      timeout: '1s',
      period: '4s',
      startup: { period: '100ms', failureThreshold: 240 },
      readiness: { http: { path: '/ready', status: [200, 401], json: { status: 'ok' } }, period: '1s' },
      liveness: { retries: 0, failureThreshold: 5, successThreshold: 2, initialDelay: '3s' },
    });
    const ready = { path: '/ready', status: [200, 401], json: { status: 'ok' } };
    expect(plan).toEqual({
      port: undefined,
      startup: { ...startup, http: ready, timeoutMs: 1000, periodMs: 100, failureThreshold: 240 },
      running: [
        { ...defaults, kinds: ['readiness'], http: ready, timeoutMs: 1000, periodMs: 1000 },
        {
          kinds: ['liveness'],
          http,
          timeoutMs: 1000,
          periodMs: 4000,
          retries: 0,
          failureThreshold: 5,
          successThreshold: 2,
          initialDelayMs: 3000,
        },
      ],
    });
  });

  it('liveness alone leaves the start to others', () => {
    const plan = fields.parse({ liveness: { http: '/live' } });
    expect(plan.startup).toBeUndefined();
    expect(plan.running.map(({ kinds }) => kinds)).toEqual([['liveness']]);
  });

  it.each([
    [{}, 'health.http is missing.'],
    [{ readiness: {} }, 'health.readiness.http is missing.'],
    [{ liveness: { http: '/live' }, startup: {} }, 'health.startup.http is missing.'],
    ['health', 'health is "health", expected a path that starts with "/", such as "/health" or an object.'],
    [
      { http: 'health' },
      'health.http is "health", expected a path that starts with "/", such as "/health" or an object.',
    ],
    [{ http: '/', period: 0 }, 'health.period is 0, expected at least 10 ms.'],
    [
      { http: '/', liveness: { timeout: '2 sec' } },
      'health.liveness.timeout is "2 sec", expected a duration, such as 500, "500ms", "2s", "5m" or "1h". Did you mean "2s"?',
    ],
    [{ http: '/', liveness: { retrys: 3 } }, 'health.liveness has an unknown key "retrys". Did you mean "retries"?'],
    [{ http: '/', memory: {} }, /^processes\.web\.health has an unknown key "memory"\. Known keys: http, period, /],
  ])('%j is a mistake', async (input, mistake) => {
    const expected = typeof mistake === 'string' ? `processes.web.${mistake}` : expect.stringMatching(mistake);
    expect(await mistakesInFields(health(), input)).toEqual([expected]);
  });
});

describe('options', () => {
  it('sample every 5 s, otherwise, or never', () => {
    expect(options.parse(undefined)).toEqual({ samplePeriodMs: 5000 });
    expect(options.parse({ sample: { period: '1s' } })).toEqual({ samplePeriodMs: 1000 });
    expect(options.parse({ sample: false })).toEqual({ samplePeriodMs: undefined });
  });
});
