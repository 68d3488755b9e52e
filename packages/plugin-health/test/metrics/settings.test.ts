import { createManager, PromptbinError } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { mistakesInFields } from '../../../../test-support/mistakes.ts';
import { health } from '../../src/index.ts';
import { isLoopback } from '../../src/metrics/loopback.ts';

/** What is wrong with the options. */
async function mistakeIn(options: unknown): Promise<string> {
  const fault = await createManager(
    { plugins: [health(options as never)], processes: {} },
    { root: import.meta.dirname, log: false },
  ).then(
    (manager) => manager.close(),
    (thrown: unknown) => thrown,
  );
  return PromptbinError.is(fault) ? fault.message : '';
}

it.each(['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', '::1', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['', '0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example', '127', 'localhost.evil.example'])(
  '"%s" is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

describe('mistakes', () => {
  it.each([
    [{ metrics: { port: 9464, host: '0.0.0.0' } }, 'expected a loopback address'],
    [{ metrics: {} }, 'port'],
    [{ metrics: { port: 0 } }, 'port'],
    [{ sample: { period: '1ms' } }, 'expected at least 10 ms'],
  ])('in the options %j are told', async (options, message) => {
    expect(await mistakeIn(options)).toContain(message);
  });

  it.each([
    [{ memory: { max: 0 } }, 'expected more than 0 bytes'],
    [{ memory: { max: '512 MB' } }, 'expected a size'],
    [{ cpu: { max: 0 } }, '0'],
    [{ cpu: { max: 90, for: '1 minute' } }, 'expected a duration'],
    [{ cpu: {} }, 'max'],
  ])('in the limits %j are told', async (fields, message) => {
    expect((await mistakesInFields(health(), fields)).join('\n')).toContain(message);
  });

  it('are none in limits alone', async () => {
    expect(await mistakesInFields(health(), { memory: { max: '512mb' }, cpu: { max: 90, for: '1m' } })).toEqual([]);
  });
});
