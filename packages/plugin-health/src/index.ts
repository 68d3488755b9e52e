import { definePlugin, type Plugin, type ProcessView } from '@promptbin/core';
import type { ZodType } from 'zod';
import { Checker } from './checker.ts';
import { Monitors } from './monitors.ts';
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
import { type StartupQuestion, waitForAnswer } from './startup.ts';

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
  live: true,
  setup(ctx) {
    const network = ctx.use('network');
    const defaultPeriodMs = (): number => (ctx.shared?.mcp?.health_check_interval ?? 10) * 1000;

    const checkerOf = (process: ProcessView, plan: HealthPlan): Checker | undefined => {
      const port = plan.port ?? process.port;
      if (port === undefined) return undefined;
      const url = new URL(process.url ?? 'http://127.0.0.1');
      url.port = String(port);
      return new Checker({ name: process.name, port, origin: url.origin, network, clock: ctx.clock });
    };

    const monitors = new Monitors({
      clock: ctx.clock,
      defaultPeriodMs,
      condition: ctx.condition,
      checkedOf(process) {
        const plan = ctx.fields(process.name);
        const checker = plan && checkerOf(process, plan);
        return plan && checker && { plan, checker };
      },
    });

    ctx.hooks.readiness.tap('startup', (process, barrier) => {
      let plan = ctx.fields(process.name);
      if (plan === undefined || (plan.startup === undefined && checkerOf(process, plan) !== undefined)) return;
      let checker = checkerOf(process, plan);
      const questionNow = (): StartupQuestion | undefined => {
        const now = ctx.fields(process.name);
        if (now !== plan) checker = now && checkerOf(process, now);
        plan = now;
        if (plan === undefined) return undefined;
        if (checker !== undefined) return plan.startup && { checker, check: plan.startup };
        throw new Error(`there is no port to check: give ${process.name} a "port", or one to "health"`);
      };
      barrier.waitFor('health', (signal) =>
        waitForAnswer(questionNow, ctx.clock, signal, (message) =>
          ctx.condition(process, 'ready', { status: 'false', reason: 'Starting', message }),
        ),
      );
    });

    ctx.hooks.event.tap('monitor', ({ type, data }) => {
      if (type === 'manager.started' || type === 'config.reloaded') {
        for (const process of ctx.processes()) if (process.phase === 'running') monitors.follow(process);
      }
      if (type !== 'process.phase') return;
      if (data.from === 'running') monitors.stop(data.name);
      if (data.to !== 'running') return;
      const process = ctx.processes().find(({ name }) => name === data.name);
      if (process?.phase === 'running' && process.generation === data.generation) monitors.follow(process);
    });

    // pidusage stays as it is: its `clear` would leak the /proc files that its own unreferenced timer closes.
    ctx.onDispose(() => monitors.end());

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
      if (type === 'process.spawned' || type === 'manager.started') void sampler.wake();
    });
  },
});

export { health, health as plugin };
