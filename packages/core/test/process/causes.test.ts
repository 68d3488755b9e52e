import { expect, test } from 'vitest';
import { exitCause } from '../../src/process/causes.ts';

test.each([
  [{ code: 3, signal: null, wasReady: true }, 'exited', 'exited with code 3'],
  [{ code: 3, signal: null, wasReady: false }, 'exited', 'exited with code 3 before it was ready'],
  [{ code: 137, signal: null, wasReady: true }, 'exited', 'exited with code 137 (SIGKILL)'],
  [{ code: null, signal: 'SIGTERM', wasReady: true }, 'signalled', 'killed by SIGTERM'],
  [
    { code: null, signal: 'SIGKILL', wasReady: false },
    'signalled',
    'killed by SIGKILL before it was ready, not by promptbin',
  ],
  [
    { code: null, signal: 'SIGSEGV', wasReady: true },
    'signalled',
    'killed by SIGSEGV: it used memory that is not its own (segmentation fault)',
  ],
  [{ code: null, signal: 'SIGABRT', wasReady: true }, 'signalled', 'killed by SIGABRT: it aborted itself'],
] as const)('what wait(2) tells is said in words: %o', (exit, code, message) => {
  expect(exitCause(exit, 'service', [])).toEqual({ code, message, evidence: [] });
});

test('the evidence of an exit that nobody explains is its last lines, fit to be shown', () => {
  const lines = ['first', ...Array.from({ length: 8 }, (_, index) => `line ${index}`), '', '\u001B[31mboom\u001B[0m'];
  const { evidence } = exitCause({ code: 1, signal: null, wasReady: true }, 'job', [...lines, 'x'.repeat(16_384)]);
  expect(evidence).toHaveLength(8);
  expect(evidence.at(-2)).toBe('boom');
  expect(evidence.at(-1)?.length).toBeLessThan(1000);
});

test('a service that is done before it was ready is told to stay; a job is meant to end', () => {
  const done = { code: 0, signal: null, wasReady: false };
  expect(exitCause(done, 'service', []).hint).toContain('kind: job');
  expect(exitCause(done, 'job', [])).not.toHaveProperty('hint');
  expect(exitCause({ ...done, code: 1 }, 'service', [])).not.toHaveProperty('hint');
});
