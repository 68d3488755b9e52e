import type { PluginContext, ProcessView, Verdict } from '@promptbin/core';
import { Checker } from './checker.ts';
import type { Metrics } from './metrics/install.ts';
import { Monitors } from './monitors.ts';
import type { Gate, HealthPlan, RunningCheck } from './plan.ts';
import type { Probes } from './probes/create.ts';
import { passGates } from './startup.ts';

/** What the checks need of the plugin's context. */
export type ChecksContext = Pick<
  PluginContext<unknown, HealthPlan, never>,
  'hooks' | 'clock' | 'shared' | 'fields' | 'process' | 'processes' | 'condition' | 'onDispose'
>;

const fallbackPeriodSeconds = 10;

/** Holds back what starts until it has passed its gates, and checks what runs. */
export function installChecks(ctx: ChecksContext, probes: Probes, metrics: Metrics): void {
  const checkerOf = (process: ProcessView, check: Gate | RunningCheck): Checker | undefined => {
    const { kinds, means } = check;
    const { name } = process;
    const probe = probes.create({ kind: kinds[0], means }, process);
    if (probe === undefined) return undefined;
    return new Checker(probe, check, ctx.clock, (ms, passed) => {
      for (const kind of kinds) metrics.probed({ name, kind, means: means.kind, ms, passed });
    });
  };

  const monitors = new Monitors({
    clock: ctx.clock,
    planOf: ({ name }) => ctx.fields(name),
    checkerOf,
    defaultPeriodMs: () => (ctx.shared?.mcp?.health_check_interval ?? fallbackPeriodSeconds) * 1000,
    condition(process, name, value) {
      // A job is ready when it has completed, whatever it answers.
      if (process.kind !== 'job' || name !== 'ready') ctx.condition(process, name, value);
    },
  });

  const gone = new AbortController();
  const starting = new Set<Promise<Verdict>>();
  ctx.hooks.readiness.tap('startup', (process, barrier) => {
    const planNow = (): HealthPlan | undefined => ctx.fields(process.name);
    const plan = planNow();
    if (plan === undefined || plan.gates.length === 0) return;
    barrier.waitFor('health', async (signal) => {
      const verdict = passGates(
        {
          clock: ctx.clock,
          gatesNow: () => planNow()?.gates,
          checkerOf: (gate) => checkerOf(process, gate),
          report: (message) => ctx.condition(process, 'ready', { status: 'false', reason: 'Starting', message }),
        },
        signal,
        gone.signal,
      );
      starting.add(verdict);
      return await verdict.finally(() => starting.delete(verdict));
    });
  });

  ctx.hooks.event.tap('monitor', ({ type, data }) => {
    if (type === 'manager.started' || type === 'config.reloaded') {
      for (const process of ctx.processes()) if (process.phase === 'running') monitors.follow(process);
    }
    if (type !== 'process.phase') return;
    if (data.from === 'running') monitors.stop(data.name);
    if (data.to !== 'running') return;
    const process = ctx.process(data.name);
    if (process?.phase === 'running' && process.generation === data.generation) monitors.follow(process);
  });

  ctx.onDispose(async () => {
    gone.abort();
    await Promise.allSettled([monitors.end(), ...starting]);
  });
}
