import type { PluginContext } from '@promptbin/core';
import { expect, test } from 'vitest';
import { plugin } from '../support/plugins.ts';
import { testManager } from '../support/project.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

type Kind = 'service' | 'job';

/** What the exit says of a process that was ready, or not, for each of `steps` ms in turn; `true` first. */
async function exitAfter(kind: Kind, steps: readonly (readonly [ready: boolean, ms: number])[]) {
  let context: PluginContext<undefined, undefined, never> | undefined;
  const insider = plugin('insider', (ctx) => {
    context = ctx;
  });
  const clock = new VirtualClock();
  const { runner, children } = scriptedRunner();
  const { manager, events } = await testManager(
    { plugins: [insider], processes: { web: { command: 'web', kind } } },
    { runner, clock },
  );
  const web = manager.process('web');
  void web.start().catch(() => undefined);
  await web.until('running');
  for (const [ready, ms] of steps) {
    // Another message is no turn.
    const observed = { status: ready ? 'true' : 'false', reason: 'Probe', message: `at ${clock.now()}` } as const;
    if (kind === 'service') context?.condition(web.view, 'ready', observed);
    await clock.advance(ms);
  }
  children[0]?.exit(1);
  await web.until('failed');
  const exited = events.find((event) => event.type === 'process.exited');
  return exited?.data.exit;
}

test.each([
  ['since it became ready', [[true, 5000]], 5000],
  [
    'whatever is said about it meanwhile',
    [
      [true, 5000],
      [true, 2000],
    ],
    7000,
  ],
  [
    'for the longest time without a break',
    [
      [true, 2000],
      [false, 3000],
      [true, 60_000],
      [false, 3000],
      [true, 2000],
    ],
    60_000,
  ],
  [
    'also when it is not any more, as before it is ended for being unhealthy',
    [
      [true, 60_000],
      [false, 3000],
    ],
    60_000,
  ],
] as const)('an exit tells how long the process was ready: %s', async (_, steps, readyMs) => {
  const total = steps.reduce((sum, [, ms]) => sum + ms, 0);
  expect(await exitAfter('service', steps)).toMatchObject({ readyMs, uptimeMs: total, wasReady: true });
});

test('a job is ready only when it has completed', async () => {
  expect(await exitAfter('job', [[true, 5000]])).toMatchObject({ readyMs: 0, uptimeMs: 5000, wasReady: false });
});
