import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import type {} from '../src/index.ts';
import { type Monitoring, monitor, type Report } from '../src/monitor.ts';
import type { RunningCheck } from '../src/plan.ts';
import { ownChecker } from './checks.ts';
import { type Served, serve } from './serve.ts';

const both: RunningCheck = {
  kinds: ['readiness', 'liveness'],
  http: { path: '/health' },
  periodMs: 10,
  timeoutMs: 10_000,
  retries: 0,
  initialDelayMs: 0,
  failureThreshold: 3,
  successThreshold: 1,
};

/** Of a process that has just passed its startup check. */
const known: Monitoring['known'] = { readiness: 'true', liveness: 'unknown' };

/** Monitors until `most` reports have come, and returns them with the number of requests made until each. */
async function reportsOf(server: Served, checks: readonly RunningCheck[], most: number, before = known) {
  const stop = new AbortController();
  const reports: { about: string; status: string; message: string | undefined; asked: number }[] = [];
  let evidence: readonly string[] = [];
  const report: Report = (about, value) => {
    reports.push({ about, status: value.status, message: value.message, asked: server.asked.length });
    evidence = value.evidence ?? evidence;
    if (reports.length === most) stop.abort();
  };
  await monitor(ownChecker(server), { checks, periodMs: 10_000, known: before }, systemClock, stop.signal, report);
  return { reports, evidence };
}

describe('monitor', () => {
  it('reports when a verdict turns, not at every check', async () => {
    const answers = [200, 200, 503, 503, 200, 503, 503, 503, 503, 200];
    await using server = await serve((_, response) => response.writeHead(answers.shift() ?? 200).end());
    const { reports, evidence } = await reportsOf(server, [both], 5);
    expect(reports).toEqual([
      { about: 'healthy', status: 'true', message: undefined, asked: 1 },
      { about: 'ready', status: 'false', message: 'readiness: HTTP 503 ×3', asked: 8 },
      { about: 'healthy', status: 'false', message: 'liveness: HTTP 503 ×3', asked: 8 },
      { about: 'ready', status: 'true', message: undefined, asked: 10 },
      { about: 'healthy', status: 'true', message: undefined, asked: 10 },
    ]);
    expect(evidence).toHaveLength(3);
    expect(evidence[2]).toMatch(/^\d{4}-.*Z GET http:.*\/health answered 503$/);
  });

  it('keeps readiness and liveness apart', async () => {
    await using server = await serve(({ url }, response) => response.writeHead(url === '/ready' ? 503 : 200).end());
    const checks: RunningCheck[] = [
      { ...both, kinds: ['readiness'], http: { path: '/ready' }, failureThreshold: 2 },
      { ...both, kinds: ['liveness'], http: { path: '/live' } },
    ];
    const { reports } = await reportsOf(server, checks, 2);
    expect(reports.map(({ about, status }) => `${about} ${status}`)).toEqual(['healthy true', 'ready false']);
  });

  it('has never two checks in flight, however slow they are', async () => {
    let inFlight = 0;
    let most = 0;
    await using server = await serve(async (_, response) => {
      most = Math.max(most, ++inFlight);
      await delay(40);
      inFlight--;
      response.end();
    });
    const stop = new AbortController();
    const checks: RunningCheck[] = [
      { ...both, kinds: ['readiness'] },
      { ...both, kinds: ['liveness'] },
    ];
    const monitoring = { checks, periodMs: 10_000, known };
    const done = monitor(ownChecker(server), monitoring, systemClock, stop.signal, () => {});
    await expect.poll(() => server.asked.length, { timeout: 20_000 }).toBeGreaterThan(6);
    stop.abort();
    await done;
    expect(most).toBe(1);
  });

  it('gives a check that names no period the default one', async () => {
    const stop = new AbortController();
    await using server = await serve((_, response) => {
      response.end();
      if (server.asked.length === 3) stop.abort();
    });
    const checks = [{ ...both, periodMs: undefined }];
    await monitor(ownChecker(server), { checks, periodMs: 10, known }, systemClock, stop.signal, () => {});
    expect(server.asked).toHaveLength(3);
  });

  it('goes on from what is known: only what turns is reported', async () => {
    await using server = await serve((_, response) => response.end());
    const { reports } = await reportsOf(server, [both], 1, { readiness: 'false', liveness: 'true' });
    expect(reports).toMatchObject([{ about: 'ready', status: 'true', asked: 1 }]);
  });

  it('waits for the initial delay', async () => {
    await using server = await serve((_, response) => response.end());
    const began = performance.now();
    await reportsOf(server, [{ ...both, initialDelayMs: 200 }], 1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(199);
    expect(server.asked).toHaveLength(1);
  });
});
