import type { ExitInfo } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { triesNextPort } from '../../src/port/next.ts';

const failed: ExitInfo = {
  code: 1,
  signal: null,
  uptimeMs: 100,
  readyMs: 0,
  wasReady: false,
  condemned: false,
  cause: { code: 'exited', message: 'exited with code 1', evidence: [] },
};

describe('the next port', () => {
  const view = { port: 5000 };
  const port = { preferred: 5000, strict: false, host: '127.0.0.1', env: [], handoff: false, overlap: false };
  const inUse: ExitInfo = { ...failed, cause: { ...failed.cause, code: 'portInUse' } };
  const named = (other: number): ExitInfo => ({ ...inUse, cause: { ...inUse.cause, port: other } });

  it('is tried ten times in a row', () => {
    expect([0, 9, 10].map((tries) => triesNextPort(inUse, view, port, tries))).toEqual([true, true, false]);
  });

  it('is tried when its own port is named', () => {
    expect(triesNextPort(named(5000), view, port, 0)).toBe(true);
  });

  it.each([
    ['the port is strict', inUse, view, { ...port, strict: true }],
    ['there is no port', inUse, {}, undefined],
    ['it had been ready', { ...inUse, wasReady: true }, view, port],
    ['it failed for something else', failed, view, port],
    ["the port is another one, such as a debugger's", named(9229), view, port],
  ])('is not tried when %s', (_, exit, given, wanted) => {
    expect(triesNextPort(exit, given, wanted, 0)).toBe(false);
  });
});
