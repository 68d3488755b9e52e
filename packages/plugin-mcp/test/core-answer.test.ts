import { listSpec, type ProcessView, startSpec } from '@promptbin/core/views';
import { describe, expect, test } from 'vitest';
import { coreAnswer } from '../src/core-answer.ts';

const condition = { status: 'false', reason: 'Exited', since: 0 } as const;
const cause = { code: 'exited', message: 'exited with code 7', evidence: ['boom', 'x'.repeat(399)] } as const;

function view(name: string, facts: Partial<ProcessView> = {}): ProcessView {
  return {
    name,
    kind: 'service',
    phase: 'failed',
    desired: 'up',
    ready: false,
    restarts: 3,
    generation: 4,
    attempt: 0,
    since: '2026-01-01T00:00:00.000Z',
    conditions: { ready: { ...condition, message: cause.message }, healthy: condition },
    cause,
    ...facts,
  };
}

const answerOf = (...processes: ProcessView[]) =>
  coreAnswer(listSpec, { ok: true, value: { summary: 'some', processes, eventCursor: 1 } });

describe('a list', () => {
  test('says why each is down in one sentence, and leaves the evidence to who asks for one', () => {
    expect(answerOf(view('web')).structuredContent.processes).toEqual([
      expect.not.objectContaining({ conditions: expect.anything() }),
    ]);
    expect(answerOf(view('web')).structuredContent.processes).toMatchObject([
      { name: 'web', cause: { code: 'exited', message: 'exited with code 7' } },
    ]);
    expect(JSON.stringify(answerOf(view('web')))).not.toContain('boom');
  });

  test('of 100 processes, all of them failed, is small enough for every client', () => {
    const processes = Array.from({ length: 100 }, (_, index) => view(`worker-${index}`));
    expect(JSON.stringify(answerOf(...processes).structuredContent).length).toBeLessThan(30_000);
  });

  test('keeps what only a condition says', () => {
    const { cause: _, ...up } = view('web', {
      phase: 'running',
      ready: true,
      healthy: false,
      conditions: { ready: condition, healthy: { ...condition, message: 'GET /health answered 500' } },
    });
    expect(answerOf(up).structuredContent.processes).toMatchObject([
      { conditions: { healthy: { message: 'GET /health answered 500' } } },
    ]);
  });
});

describe('a failure', () => {
  test('tells all mistakes of a config, each with its lines, below one line of summary', () => {
    const mistakes = Array.from({ length: 5 }, (_, index) => `  config.json:${index}:1  ${'a long story '.repeat(15)}`);
    const message = ['config.json has 5 mistakes:', ...mistakes].join('\n');
    const { structuredContent, content } = coreAnswer(startSpec, {
      ok: false,
      error: { code: 'PB_CONFIG_INVALID', message },
    });
    expect(structuredContent).toEqual({
      summary: 'config.json has 5 mistakes:',
      error: { code: 'PB_CONFIG_INVALID', message },
    });
    expect(content).toEqual([{ type: 'text', text: message }]);
  });

  test('cuts lines and the whole, however long they are', () => {
    const message = Array(100).fill('x'.repeat(1000)).join('\n');
    const { structuredContent } = coreAnswer(startSpec, { ok: false, error: { code: 'PB_CONFIG_INVALID', message } });
    const { error } = structuredContent as { error: { message: string } };
    expect(error.message).toHaveLength(4000);
    expect(Math.max(...error.message.split('\n').map(({ length }) => length))).toBe(400);
  });

  test('of a start that has written nothing new shows what it has written before', () => {
    const value = { ...view('web'), summary: 'web has failed', changed: false, met: false, newLogs: [] };
    const { content } = coreAnswer(startSpec, {
      ok: false,
      error: { code: 'PB_START_FAILED', message: 'web has failed.' },
      value: { ...value, cause: { ...cause, evidence: ['connecting to the database'] } },
    });
    expect(content).toEqual([{ type: 'text', text: 'web has failed.\nconnecting to the database' }]);
  });
});
