import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../../core/test/support/virtual-clock.ts';
import { EventLoopMeter } from '../../src/metrics/event-loop.ts';

/** Holds up the event loop, between two of its turns. */
async function hold(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60));
  const end = performance.now() + ms;
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 60));
}

it('tells how late the event loop was since the last look, and nothing at the first', async () => {
  using meter = new EventLoopMeter(new VirtualClock());
  expect(meter.look()).toEqual([]);
  await hold(300);
  const delays = meter.look();
  expect(delays.map(({ quantile }) => quantile)).toEqual(['0.5', '0.99', '1']);
  expect(delays.at(-1)?.seconds).toBeGreaterThan(0.25);
});

it('stops measuring when nobody has looked for two minutes', async () => {
  const clock = new VirtualClock();
  using meter = new EventLoopMeter(clock);
  meter.look();
  await clock.advance(119_000);
  await hold(0);
  expect(meter.look()).toHaveLength(3);
  await clock.advance(119_000);
  await hold(0);
  expect(meter.look()).toHaveLength(3);
  await clock.advance(121_000);
  await hold(0);
  expect(meter.look()).toEqual([]);
});
