import { describe, expect, test } from 'vitest';
import { movingOf } from '../../src/control/settle.ts';
import { view } from './views.ts';

const failed = view('db', { phase: 'failed' });
const waiting = view('web', { phase: 'waiting' });

describe('processes have settled', () => {
  test.each([
    ['all is up', [view('web'), view('job', { kind: 'job', phase: 'completed', ready: true })]],
    ['what has been ready is not ready now', [view('web', { ready: false })]],
    ['what is not wanted is down', [view('web', { phase: 'stopped', desired: 'down' })]],
    ['one has failed', [failed, view('web')]],
    ['one is in a crash loop', [view('web', { phase: 'backoff', attempt: 2 })]],
    ['one waits for what has failed', [failed, waiting]],
    ['there is none', []],
  ])('when %s', (_when, views) => expect(movingOf(views)).toEqual([]));

  test.each([
    ['one is starting', [view('web', { phase: 'starting' })]],
    ['a job runs', [view('job', { kind: 'job', phase: 'running', ready: false })]],
    ['one is retried for the first time', [view('web', { phase: 'backoff', attempt: 1 })]],
    ['one waits and nothing has failed', [waiting, view('db')]],
    ['one has failed and another is starting', [failed, waiting, view('mq', { phase: 'starting' })]],
  ])('not when %s', (_when, views) => expect(movingOf(views)).not.toEqual([]));
});
