import { definePlugin, type ManagerEvent, type Plugin, type ProcessView } from '@promptbin/core';
import type { ZodType } from 'zod';
import { decide, type History, noHistory, type Policy } from './policy.ts';
import {
  completePolicy,
  fields,
  type ParsedSettings,
  type RestartFields,
  type RestartSettings,
  settings,
} from './settings.ts';

export type { RestartFields, RestartSettings };

/**
 * Decides what follows an exit that nobody asked for: another try after a growing delay, the end, or a crash loop.
 * An unhealthy process is ended and goes the same way. The options are the defaults of all processes.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
const restart: (options?: RestartSettings) => Plugin<'restart', ZodType<ParsedSettings, RestartFields>> = definePlugin({
  name: 'restart',
  options: settings.optional(),
  fields,
  live: true,
  setup(ctx) {
    const histories = new Map<string, History>();

    const policyOf = (process: ProcessView): Policy => {
      const own = ctx.fields(process.name);
      // Running a job twice is not harmless: it must be asked for.
      const never = own === undefined && process.kind === 'job';
      return completePolicy(never ? { policy: 'never' } : own, ctx.options, ctx.shared?.mcp?.restart_threshold);
    };

    const endUnhealthy = ({ seq, data }: ManagerEvent<'process.condition'>): void => {
      if (data.condition !== 'healthy' || data.value.status !== 'false') return;
      const process = ctx.processes().find(({ name }) => name === data.name);
      if (process?.generation !== data.generation || process.phase !== 'running') return;
      if (policyOf(process).when === 'never') return;
      const message = data.value.message ?? data.value.reason;
      ctx.request('fail', process, { code: 'unhealthy', message, evidence: data.value.evidence ?? [], causedBy: seq });
    };

    ctx.hooks.decide.tap('policy', (process, exit) => {
      const history = histories.get(process.name) ?? noHistory;
      const next = decide(policyOf(process), history, exit, ctx.clock.now(), Math.random());
      histories.set(process.name, next.history);
      return next.decision;
    });

    ctx.hooks.event.tap('watch', (event) => {
      if (event.type === 'process.condition') endUnhealthy(event);
      else if (event.type === 'process.desired' && event.data.fresh) histories.delete(event.data.name);
      else if (event.type === 'process.removed') histories.delete(event.data.name);
    });
  },
});

export { restart, restart as plugin };
