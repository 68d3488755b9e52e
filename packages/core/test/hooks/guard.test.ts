import type { HookName, ManagerEvent } from '@promptbin/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHooks, type HookSet } from '../../src/hooks/create.ts';
import { createFacade } from '../../src/hooks/facade.ts';
import { Guard } from '../../src/hooks/guard.ts';
import { addTap } from '../../src/hooks/taps.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

type Call = () => unknown;
type AnyTap = (...args: unknown[]) => unknown;

const hookNames: HookName[] = [
  'configure',
  'gate',
  'port',
  'plan',
  'env',
  'readiness',
  'output',
  'decide',
  'diagnose',
  'beforeStop',
  'event',
  'closing',
];
const asyncHooks: HookName[] = ['configure', 'gate', 'port', 'env', 'beforeStop', 'closing'];
const syncHooks = hookNames.filter((name) => !asyncHooks.includes(name));
/** Hooks that take an answer; the others drop what they are given. */
const answering: HookName[] = ['configure', 'gate', 'port', 'plan', 'env', 'decide', 'diagnose'];
const nonsenseFor = (hook: HookName): unknown[] => {
  const anywhere = [null, 0, 70_000, '', 'yes', [], Number.NaN, { reason: 3 }, { delayMs: 1 }];
  // Any record of strings is an environment.
  return hook === 'env'
    ? anywhere
    : [...anywhere, {}, { action: 'fly' }, { action: 'retry', delayMs: 1, port: 'other' }];
};

const view = Object.freeze({ name: 'web' });
const config = Object.freeze({ root: '/', processes: {} });
const plan = Object.freeze({ command: 'x', args: [], cwd: '/', shell: false });
const env = Object.freeze({ A: '1' });

let clock: VirtualClock;
let reports: { type: string; data: ManagerEvent['data'] }[];
let hooks: HookSet;
let calls: Record<HookName, Call>;

beforeEach(() => {
  clock = new VirtualClock();
  reports = [];
  hooks = createHooks(new Guard({ clock, report: (type, data) => reports.push({ type, data }) }));
  const any = hooks as unknown as Record<string, { call: AnyTap; promise: AnyTap }>;
  const first: Partial<Record<HookName, unknown>> = { configure: config, plan, env, port: {} };
  calls = Object.fromEntries(
    hookNames.map((name) => {
      const verb = asyncHooks.includes(name) ? 'promise' : 'call';
      return [name, () => any[name]?.[verb](first[name] ?? view, view)];
    }),
  ) as Record<HookName, Call>;
});

function tap(hook: HookName, fn: AnyTap, kind: 'tap' | 'tapPromise' = 'tap', plugin = 'bad'): void {
  const facade = createFacade(plugin, hooks, (made) => addTap(hooks, made, () => true)) as unknown as Record<
    string,
    Record<string, (name: string, fn: AnyTap) => void>
  >;
  facade[hook]?.[kind]?.(plugin, fn);
}

/** Runs the hook and gives what it answers, moving the time on so that budgets run out. */
async function run(hook: HookName): Promise<unknown> {
  const answer = Promise.resolve().then(() => calls[hook]());
  answer.catch(() => undefined);
  await clock.advance(60_000);
  return answer;
}

function neutral(hook: HookName): unknown {
  return { configure: config, plan, env }[hook as 'plan'];
}

function blamed(): (string | undefined)[] {
  return reports
    .filter(({ type }) => type === 'plugin.fault')
    .map(({ data }) => ('code' in data ? data.code : undefined));
}

async function expectNoOpinion(hook: HookName, code: string): Promise<void> {
  if (hook === 'configure') {
    await expect(run(hook)).rejects.toMatchObject({ code: 'PB_CONFIGURE_FAILED', plugin: 'bad' });
  } else {
    expect(await run(hook)).toEqual(neutral(hook));
  }
  expect(blamed()).toEqual([code]);
}

describe('a hostile tap', () => {
  test.each(hookNames)('%s: a throw is blamed and counts as no opinion', async (hook) => {
    tap(hook, () => {
      throw new Error('boom');
    });
    await expectNoOpinion(hook, 'PB_PLUGIN_THREW');
  });

  test.each(hookNames)('%s: throwing something that is not an error is blamed too', async (hook) => {
    tap(hook, () => {
      throw undefined;
    });
    await expectNoOpinion(hook, 'PB_PLUGIN_THREW');
  });

  test.each(asyncHooks)('%s: a rejection is blamed', async (hook) => {
    tap(hook, () => Promise.reject(new Error('boom')), 'tapPromise');
    await expectNoOpinion(hook, 'PB_PLUGIN_THREW');
  });

  test.each(asyncHooks)('%s: a tap that hangs is left behind when its budget is spent', async (hook) => {
    tap(hook, () => new Promise(() => {}), 'tapPromise');
    await expectNoOpinion(hook, 'PB_PLUGIN_TIMEOUT');
  });

  test.each(hookNames)('%s: a promise from a tap that is not awaited is nonsense', async (hook) => {
    tap(hook, () => Promise.reject(new Error('nobody hears me')));
    await expectNoOpinion(hook, 'PB_PLUGIN_NONSENSE');
  });

  test.each(syncHooks.filter((name) => name !== 'output'))('%s: a slow sync tap is blamed', async (hook) => {
    tap(hook, () => undefined);
    // Each look at the clock finds it 20 s on: time cannot pass within a synchronous call otherwise.
    const now = clock.now.bind(clock);
    let reads = 0;
    clock.now = () => {
      reads += 1;
      return now() + reads * 20_000;
    };
    calls[hook]();
    expect(blamed()).toContain('PB_PLUGIN_TIMEOUT');
  });

  test.each(answering.flatMap((hook) => nonsenseFor(hook).map((answer) => ({ hook, answer }))))(
    '$hook: the answer $answer is nonsense',
    async ({ hook, answer }) => {
      tap(hook, () => answer);
      await expectNoOpinion(hook, 'PB_PLUGIN_NONSENSE');
    },
  );

  test.each(hookNames)('%s: changing what it was given throws, in its own face', async (hook) => {
    tap(hook, (given) => {
      (given as { changed?: boolean }).changed = true;
    });
    calls.port = () =>
      hooks.port.promise(Object.freeze({ preferred: 1, host: '', taken: new Set<number>() }), view as never);
    await expectNoOpinion(hook, 'PB_PLUGIN_THREW');
  });

  test.each(hookNames.filter((name) => name !== 'configure'))(
    '%s: the taps after it are still called',
    async (hook) => {
      const called: string[] = [];
      tap(hook, () => {
        throw new Error('boom');
      });
      tap(hook, () => void called.push('good'), 'tap', 'good');
      await run(hook);
      expect(called).toEqual(['good']);
    },
  );

  test.each(['readiness', 'output', 'event', 'beforeStop', 'closing'] as const)(
    '%s: an answer to a notification does not end the series',
    async (hook) => {
      const called: string[] = [];
      tap(hook, () => 'stop here');
      tap(hook, () => void called.push('good'), 'tap', 'good');
      await run(hook);
      expect(called).toEqual(['good']);
      expect(reports).toEqual([]);
    },
  );

  test('five faults in a minute mute the plugin, everywhere, and no other', async () => {
    let asked = 0;
    tap('decide', () => {
      asked += 1;
      throw new Error('boom');
    });
    tap('event', () => {
      asked += 100;
    });
    tap(
      'event',
      () => {
        asked += 1000;
      },
      'tap',
      'good',
    );
    for (let call = 0; call < 7; call += 1) calls.decide();
    calls.event();
    expect(asked).toBe(5 + 1000);
    expect(reports.at(-1)).toEqual({ type: 'plugin.muted', data: { plugin: 'bad', faults: 5, windowMs: 60_000 } });
  });

  test('five faults over a longer time do not', async () => {
    let asked = 0;
    tap('decide', () => {
      asked += 1;
      throw new Error('boom');
    });
    for (let call = 0; call < 7; call += 1) {
      calls.decide();
      await clock.advance(20_000);
    }
    expect(asked).toBe(7);
    expect(reports.map(({ type }) => type)).not.toContain('plugin.muted');
  });
});

describe('a good tap', () => {
  test('waterfalls hand on what each returns; undefined leaves it', async () => {
    tap('env', () => ({ A: '2' }), 'tap', 'one');
    tap('env', () => undefined, 'tap', 'two');
    tap('env', async (given) => ({ ...(given as object), B: '3' }), 'tapPromise', 'three');
    expect(await run('env')).toEqual({ A: '2', B: '3' });
    expect(reports).toEqual([]);
  });

  test('the first opinion wins', () => {
    tap('decide', () => undefined, 'tap', 'one');
    tap('decide', () => ({ action: 'retry', delayMs: 5 }), 'tap', 'two');
    tap('decide', () => ({ action: 'settle' }), 'tap', 'three');
    expect(calls.decide()).toEqual({ action: 'retry', delayMs: 5 });
  });
});

describe('the facade', () => {
  test('hands out tap methods only, and tapPromise only where it is awaited', () => {
    const facade = createFacade('mine', hooks, () => undefined);
    for (const name of hookNames) {
      expect(Object.keys(facade[name])).toEqual(asyncHooks.includes(name) ? ['tap', 'tapPromise'] : ['tap']);
      expect(Object.isFrozen(facade[name])).toBe(true);
    }
  });

  test('a tap cannot act under another name', () => {
    createFacade('mine', hooks, (made) => addTap(hooks, made, () => true)).decide.tap('theirs', () => {
      throw new Error('boom');
    });
    calls.decide();
    expect(reports[0]?.data).toMatchObject({ plugin: 'mine' });
  });

  test('`before` orders by plugin; the name of an absent one changes nothing', () => {
    const order: string[] = [];
    const installed = (name: string): boolean => ['one', 'two', 'three'].includes(name);
    const add = (plugin: string, before?: string): void =>
      createFacade(plugin, hooks, (made) => addTap(hooks, made, installed)).event.tap(
        { name: plugin, ...(before === undefined ? {} : { before }) },
        () => void order.push(plugin),
      );
    add('one');
    add('two', 'absent');
    add('three', 'two');
    calls.event();
    expect(order).toEqual(['one', 'three', 'two']);
  });
});
