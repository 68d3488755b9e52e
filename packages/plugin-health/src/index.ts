import { definePlugin, type Plugin } from '@promptbin/core';
import type { ZodType } from 'zod';
import { installChecks } from './checks.ts';
import type { CheckFields, FlappingFields, HealthFields, StartupFields } from './fields.ts';
import type { MetricsGetResult } from './metrics/command.ts';
import { installMetrics } from './metrics/install.ts';
import { askedOf, type HealthPlan } from './plan.ts';
import { checkPorts } from './ports.ts';
import { createProbeService } from './probe-service.ts';
import { installProbes } from './probes/create.ts';
import type {
  ExecFields,
  HeartbeatFields,
  HttpFields,
  LogFields,
  MeansFields,
  NotifyFields,
  TcpFields,
} from './probes/fields.ts';
import type { ResourcesGetResult } from './resources/command.ts';
import { installResources } from './resources/install.ts';
import type { LimitFields } from './resources/settings.ts';
import { fields, type HealthOptions, options } from './settings.ts';

export type {
  CheckFields,
  ExecFields,
  FlappingFields,
  HealthFields,
  HealthOptions,
  HeartbeatFields,
  HttpFields,
  LimitFields,
  LogFields,
  MeansFields,
  MetricsGetResult,
  NotifyFields,
  ResourcesGetResult,
  StartupFields,
  TcpFields,
};

declare module '@promptbin/core' {
  interface EventMap {
    /** `/metrics` is not served, as when its port is taken; everything else goes on. */
    'metrics.serverFault': { host: string; port: number; message: string };
  }
}

/**
 * Checks processes: what passes its startup probe is ready; readiness and liveness keep the conditions `ready` and
 * `healthy`. Reads CPU and memory of every process tree and holds them to their limits. Ends nothing by itself. Provides the
 * service `probes`.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
const health: (options?: HealthOptions) => Plugin<'health', ZodType<HealthPlan, HealthFields>> = definePlugin({
  name: 'health',
  options,
  fields,
  provides: ['probes', 'resources'],
  live: true,
  check: checkPorts,
  setup(ctx) {
    const resources = installResources(ctx, {
      sampling: ctx.options.sample,
      limitsOf: (name) => ctx.fields(name)?.limits,
    });
    const metrics = installMetrics(ctx, ctx.options.metrics, resources);
    const probes = installProbes(ctx, (name) => askedOf(ctx.fields(name)));
    installChecks(ctx, probes, metrics);
    const planOf = (name: string): HealthPlan | undefined => ctx.fields(name);
    const { clock } = ctx;
    ctx.provide('resources', { refresh: () => resources.refresh() });
    ctx.provide('probes', createProbeService({ clock, planOf, process: (name) => ctx.process(name) }, probes));
  },
});

export { health, health as plugin };
