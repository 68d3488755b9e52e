import { definePlugin, type Plugin, type ProcessView } from '@promptbin/core';
import type { ZodType } from 'zod';
import { Checker } from './checker.ts';
import { monitor } from './monitor.ts';
import type { HealthPlan } from './plan.ts';
import { Sampler } from './sampler.ts';
import {
  type CheckFields,
  fields,
  type HealthFields,
  type HealthOptions,
  type HttpFields,
  options,
  type StartupFields,
} from './settings.ts';
import { waitForAnswer } from './startup.ts';

export type { CheckFields, HealthFields, HealthOptions, HttpFields, StartupFields };

/**
 * Checks processes by HTTP: the first good answer makes one ready; later ones keep the conditions `ready` and `healthy`.
 * Ends nothing by itself. Samples CPU and memory of every process tree.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
const health: (options?: HealthOptions) => Plugin<'health', ZodType<HealthPlan, HealthFields>> = definePlugin({
  name: 'health',
  options,
  fields,
  setup(ctx) {
    const network = ctx.use('network');
    const monitors = new Map<string, { stop: AbortController; done: Promise<void> }>();

    const checkerOf = (process: ProcessView, plan: HealthPlan): Checker | undefined => {
      const port = plan.port ?? process.port;
      if (port === undefined) return undefined;
      const url = new URL(process.url ?? 'http://127.0.0.1');
      url.port = String(port);
      return new Checker({ name: process.name, port, origin: url.origin, network, clock: ctx.clock });
    };

    const startMonitor = (process: ProcessView): void => {
      const plan = ctx.fields(process.name);
      const checker = plan && checkerOf(process, plan);
      if (plan === undefined || checker === undefined) return;
      const stop = new AbortController();
      const done = monitor(checker, plan.running, ctx.clock, stop.signal, (name, value) =>
        ctx.condition(process, name, value),
      );
      monitors.set(process.name, { stop, done });
    };

    ctx.hooks.readiness.tap('startup', (process, barrier) => {
      const plan = ctx.fields(process.name);
      if (plan === undefined) return;
      const checker = checkerOf(process, plan);
      if (checker === undefined) {
        const why = `there is no port to check: give ${process.name} a "port", or one to "health"`;
        barrier.waitFor('health', async () => ({ ready: false, why }));
        return;
      }
      const { startup } = plan;
      if (startup === undefined) return;
      barrier.waitFor('health', (signal) =>
        waitForAnswer(checker, startup, ctx.clock, signal, (message) =>
          ctx.condition(process, 'ready', { status: 'false', reason: 'Starting', message }),
        ),
      );
    });

    ctx.hooks.event.tap('monitor', ({ type, data }) => {
      if (type !== 'process.phase') return;
      if (data.from === 'running') monitors.get(data.name)?.stop.abort();
      if (data.to !== 'running') return;
      const process = ctx.processes().find(({ name }) => name === data.name);
      if (process?.phase === 'running' && process.generation === data.generation) startMonitor(process);
    });

    // pidusage stays as it is: its `clear` would leak the /proc files that its own unreferenced timer closes.
    ctx.onDispose(async () => {
      for (const { stop } of monitors.values()) stop.abort();
      await Promise.all([...monitors.values()].map(({ done }) => done));
    });

    const { samplePeriodMs } = ctx.options;
    if (samplePeriodMs === undefined) return;
    const sampler = new Sampler(
      {
        clock: ctx.clock,
        processes: () => ctx.processes(),
        tree: (name) => network.tree(name),
        emit: (sample) => ctx.emit('process.sample', sample),
      },
      samplePeriodMs,
      ctx.signal,
    );
    ctx.hooks.event.tap('sample', ({ type }) => {
      if (type === 'process.spawned') void sampler.wake();
    });
  },
});

export { health, health as plugin };
