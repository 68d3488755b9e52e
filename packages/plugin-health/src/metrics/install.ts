import type { PluginContext } from '@promptbin/core';
import type { Resources } from '../resources/install.ts';
import { metricsCommand } from './command.ts';
import { EventLoopMeter } from './event-loop.ts';
import { EventCounter } from './events.ts';
import { gaugesOf } from './gauges.ts';
import { Recorder } from './recorder.ts';
import type { MetricRegistry } from './registry.ts';
import { serveMetrics } from './serve.ts';
import type { MetricsAddress } from './settings.ts';

/** What the metrics part needs of the plugin's context. */
export type MetricsContext = Pick<
  PluginContext<unknown, unknown, never>,
  'hooks' | 'clock' | 'processes' | 'settings' | 'emit' | 'use' | 'command' | 'onDispose'
>;

/** One check of a process that has come to an end. */
export interface Probed {
  readonly name: string;
  readonly kind: 'startup' | 'readiness' | 'liveness';
  /** Such as `http`. */
  readonly means: string;
  readonly ms: number;
  readonly passed: boolean;
}

export interface Metrics {
  probed(probe: Probed): void;
}

/** @param address where `/metrics` is served; undefined for nowhere */
export function installMetrics(
  ctx: MetricsContext,
  address: MetricsAddress | undefined,
  resources: Resources,
): Metrics {
  const { clock } = ctx;
  let startedAt = clock.now();
  const recorder = new Recorder();
  const events = new EventCounter(recorder, (name) => ctx.settings(name)?.kind === 'service');
  const eventLoop = new EventLoopMeter(clock);
  ctx.onDispose(() => eventLoop[Symbol.dispose]());

  const current = async (): Promise<MetricRegistry> => {
    await resources.refresh();
    const registry = await recorder.registry();
    const manager = {
      uptimeMs: clock.now() - startedAt,
      memoryBytes: process.memoryUsage.rss(),
      delays: eventLoop.look(),
    };
    registry.setGauges(gaugesOf({ processes: ctx.processes(), last: resources.last, manager }));
    return registry;
  };

  ctx.hooks.event.tap('metrics', (event) => {
    // It may be told late, to a plugin that has come later.
    if (event.type === 'manager.started') startedAt = clock.now() - (clock.wall() - event.at);
    events.take(event, clock.now());
  });
  ctx.command(metricsCommand(current));
  if (address !== undefined) serveMetrics(ctx, address, current);

  return {
    probed({ name, kind, means, ms, passed }) {
      // A check that ends with its process may come after the process is gone from the config.
      if (ctx.settings(name) === undefined) return;
      const labels = { process: name, probe: kind, means, outcome: passed ? 'passed' : 'failed' };
      recorder.observe('promptbin_probe_duration_seconds', labels, ms / 1000);
    },
  };
}
