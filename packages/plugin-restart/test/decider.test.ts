import type { ExitInfo, ProcessView, ResolvedPort } from '@promptbin/core';
import { describe, expect, it } from 'vitest';
import { Decider, type DeciderParts } from '../src/decider.ts';
import type { Group } from '../src/groups/group.ts';
import { completePolicy } from '../src/settings.ts';

const exit = (facts: Partial<ExitInfo> & { code?: number } = {}): ExitInfo => ({
  code: 1,
  signal: null,
  uptimeMs: 5,
  readyMs: 0,
  wasReady: false,
  condemned: false,
  cause: { code: 'exited', message: 'exited with code 1', evidence: ['boom'] },
  ...facts,
});
const portInUse = exit({ cause: { code: 'portInUse', message: 'port 5000 is already in use', evidence: [] } });
const process = (name: string) => ({ name, kind: 'service', port: 5000 }) as ProcessView;
const port: ResolvedPort = {
  preferred: 5000,
  strict: false,
  host: '127.0.0.1',
  env: [],
  handoff: false,
  overlap: false,
};

function decider(parts: Partial<DeciderParts> = {}): Decider {
  const policy = completePolicy({ backoff: { initial: 200, max: 1000, jitter: 'none' } });
  return new Decider({
    policyOf: () => policy,
    groupOf: () => undefined,
    portOf: () => port,
    now: () => 0,
    random: () => 0,
    ...parts,
  });
}

const times = (count: number, one: Decider, name: string, given: ExitInfo) =>
  Array.from({ length: count }, () => one.decide(process(name), given));

describe('a start that fails for its port', () => {
  it('tries the next one at once, up to ten times, and then counts as any crash', () => {
    const decisions = times(12, decider(), 'web', portInUse);
    expect(decisions.slice(0, 10)).toEqual(Array(10).fill({ action: 'retry', delayMs: 0, attempt: 0, port: 'next' }));
    expect(decisions.slice(10)).toEqual([
      { action: 'retry', delayMs: 200, attempt: 1 },
      { action: 'retry', delayMs: 400, attempt: 2 },
    ]);
  });

  it('counts neither in the streak nor in the budget', () => {
    const one = decider();
    times(10, one, 'web', portInUse);
    expect(times(6, one, 'web', exit()).map(({ action }) => action)).toEqual([...Array(5).fill('retry'), 'giveUp']);
  });

  it('keeps the streak that it found', () => {
    const one = decider();
    times(2, one, 'web', exit());
    expect(one.decide(process('web'), portInUse)).toMatchObject({ port: 'next', attempt: 2 });
  });

  it('has ten tries again after another failure, and after a fresh start', () => {
    const one = decider();
    times(10, one, 'web', portInUse);
    one.decide(process('web'), exit());
    expect(one.decide(process('web'), portInUse)).toMatchObject({ port: 'next' });
    times(10, one, 'web', portInUse);
    one.forget('web');
    expect(one.decide(process('web'), portInUse)).toMatchObject({ port: 'next' });
  });

  it('tries the next one under the policy never too: it is one start', () => {
    const one = decider({ policyOf: () => completePolicy({ policy: 'never' }) });
    expect(one.decide(process('web'), portInUse)).toMatchObject({ action: 'retry', port: 'next' });
    expect(one.decide(process('web'), exit())).toMatchObject({ action: 'giveUp' });
  });

  it('goes by the policy when the port is strict', () => {
    const one = decider({ portOf: () => ({ ...port, strict: true }) });
    expect(one.decide(process('web'), portInUse)).toEqual({ action: 'retry', delayMs: 200, attempt: 1 });
  });
});

describe('a group', () => {
  const group: Group = { name: 'backend', strategy: 'all', maxRestarts: 3, window: 60_000, members: ['db', 'api'] };
  const grouped = (parts: Partial<DeciderParts> = {}) =>
    decider({ groupOf: (name) => (group.members.includes(name) ? group : undefined), ...parts });

  it('has one budget for all, and each member its own delays', () => {
    const one = grouped();
    const names = ['db', 'db', 'api', 'api'];
    expect(names.map((name) => one.decide(process(name), exit()))).toEqual([
      { action: 'retry', delayMs: 200, attempt: 1 },
      { action: 'retry', delayMs: 400, attempt: 2 },
      { action: 'retry', delayMs: 200, attempt: 1 },
      {
        action: 'giveUp',
        cause: {
          code: 'crashLoop',
          message: 'group "backend" is given up: 3 restarts in 0 s, limit 3 in 60 s',
          evidence: ['api: exited with code 1', 'boom'],
        },
      },
    ]);
  });

  it('once given up takes its other members along, until one is started by a person', () => {
    const one = grouped();
    times(4, one, 'db', exit());
    const cause = one.givenUp('backend');
    expect(cause?.code).toBe('crashLoop');
    expect(one.decide(process('api'), exit())).toEqual({ action: 'giveUp', cause });
    one.forget('api');
    expect(one.givenUp('backend')).toBeUndefined();
    expect(one.decide(process('db'), exit())).toMatchObject({ action: 'retry' });
  });

  it('forgets failures that left its window', () => {
    let now = 0;
    const one = grouped({ now: () => now });
    const actions = Array.from({ length: 20 }, (_, index) => {
      now += 30_000;
      return one.decide(process(index % 2 === 0 ? 'db' : 'api'), exit({ readyMs: 20_000 })).action;
    });
    expect(actions).toEqual(Array(20).fill('retry'));
  });

  it('does not count what settles, nor the next port', () => {
    const one = grouped();
    times(5, one, 'db', { ...exit(), code: 0 });
    times(5, one, 'api', portInUse);
    expect(one.decide(process('db'), exit())).toMatchObject({ attempt: 1 });
    expect(one.givenUp('backend')).toBeUndefined();
  });

  it('leaves the others alone', () => {
    const one = grouped();
    times(4, one, 'db', exit());
    expect(one.decide(process('web'), exit())).toMatchObject({ action: 'retry' });
  });
});

it('draws its delays from the source that it is given', () => {
  const policy = completePolicy({ backoff: { initial: 200, max: 1000, jitter: 'full' } });
  const drawn = [0.5, 0];
  const one = decider({ policyOf: () => policy, random: () => drawn.shift() ?? 1 });
  expect(times(3, one, 'web', exit())).toMatchObject([{ delayMs: 150 }, { delayMs: 200 }, { delayMs: 800 }]);
});
