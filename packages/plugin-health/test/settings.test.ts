import { describe, expect, it } from 'vitest';
import { fields, options } from '../src/settings.ts';

const defaults = {
  periodMs: 10_000,
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
    [{}, 'http'],
    [{ readiness: {} }, 'readiness.http'],
    [{ liveness: { http: '/live' }, startup: {} }, 'startup.http'],
    [{ http: 'health' }, 'http.path'],
    [{ http: '/health', period: 0 }, 'period'],
    [{ http: '/health', liveness: { timeout: 'long' } }, 'liveness.timeout'],
    [{ http: '/health', startup: { retries: 3 } }, 'startup'],
    [{ http: '/health', memory: { max: '1mb' } }, ''],
  ])('%j is a mistake at "%s"', (input, path) => {
    expect(fields.safeParse(input).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});

describe('options', () => {
  it('sample every 5 s, otherwise, or never', () => {
    expect(options.parse(undefined)).toEqual({ samplePeriodMs: 5000 });
    expect(options.parse({ sample: { period: '1s' } })).toEqual({ samplePeriodMs: 1000 });
    expect(options.parse({ sample: false })).toEqual({ samplePeriodMs: undefined });
  });
});
