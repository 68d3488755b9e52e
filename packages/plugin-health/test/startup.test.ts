import { systemClock } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import type { StartupCheck } from '../src/plan.ts';
import { waitForAnswer } from '../src/startup.ts';
import { ownChecker } from './checks.ts';
import { type Served, serve } from './serve.ts';

const asking = (server: Served, check: StartupCheck) => {
  const question = { checker: ownChecker(server), check };
  return () => question;
};

const check = { http: { path: '/health' }, periodMs: 10, timeoutMs: 10_000, retries: 0, initialDelayMs: 0 };

describe('waitForAnswer', () => {
  it('polls until the first good answer, and reports what changes meanwhile', async () => {
    const answers = [500, 500, 503, 200];
    await using server = await serve((_, response) => response.writeHead(answers.shift() ?? 200).end());
    const reports: string[] = [];
    const never = new AbortController().signal;
    const verdict = await waitForAnswer(asking(server, check), systemClock, never, (text) => reports.push(text));
    expect(verdict).toEqual({ ready: true });
    expect(server.asked).toHaveLength(4);
    expect(reports).toEqual([`GET ${server.origin}/health answered 500`, `GET ${server.origin}/health answered 503`]);
  });

  it('says at the deadline what it saw last', async () => {
    const deadline = new AbortController();
    let left = 2;
    await using server = await serve((_, response) => {
      // The third one hangs: no answer is no news.
      if (left-- > 0) response.writeHead(500).end();
      else deadline.abort(new Error('the deadline has passed'));
    });
    const verdict = await waitForAnswer(asking(server, check), systemClock, deadline.signal, () => {});
    expect(verdict).toEqual({ ready: false, why: `GET ${server.origin}/health answered 500` });
  });

  it('says at the deadline that nothing has answered at all', async () => {
    const deadline = new AbortController();
    await using server = await serve(() => deadline.abort());
    const verdict = await waitForAnswer(asking(server, check), systemClock, deadline.signal, () => {});
    expect(verdict).toEqual({ ready: false, why: 'no answer on /health yet' });
  });

  it('ends early at its own threshold', async () => {
    await using server = await serve((_, response) => response.writeHead(500).end());
    const never = new AbortController().signal;
    const short = { ...check, failureThreshold: 3 };
    const verdict = await waitForAnswer(asking(server, short), systemClock, never, () => {});
    expect(verdict).toEqual({ ready: false, why: `GET ${server.origin}/health answered 500, check 3 of 3` });
    expect(server.asked).toHaveLength(3);
  });

  it('asks another question when there is one, and none any more when there is none', async () => {
    await using server = await serve(({ url }, response) => response.writeHead(url === '/good' ? 200 : 500).end());
    const never = new AbortController().signal;
    const checker = ownChecker(server);
    const questions = ['/bad', '/bad', '/good'].map((path) => ({ checker, check: { ...check, http: { path } } }));
    expect(
      await waitForAnswer(
        () => questions.shift(),
        systemClock,
        never,
        () => {},
      ),
    ).toEqual({ ready: true });
    expect(server.asked).toHaveLength(2);
    let asked = 0;
    const gone = () => (asked++ < 2 ? { checker, check } : undefined);
    expect(await waitForAnswer(gone, systemClock, never, () => {})).toEqual({ ready: true });
    expect(server.asked).toHaveLength(3);
  });
});
