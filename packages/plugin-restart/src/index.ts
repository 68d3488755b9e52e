import { type Cause, definePlugin, type Plugin, type ResolvedProcess } from '@promptbin/core';
import type { ZodType } from 'zod';
import { type Context, policyOf } from './context.ts';
import { Decider } from './decider.ts';
import { endFailing } from './failures.ts';
import { checkGroups } from './groups/group.ts';
import { Groups } from './groups/groups.ts';
import { keepGroups } from './groups/keep.ts';
import { keepSchedules, type ScheduleListResult } from './schedule/keep.ts';
import {
  fields,
  options,
  type ParsedFields,
  type RestartFields,
  type RestartOptions,
  type RestartSettings,
} from './settings.ts';
import { keepStopped } from './stopped/keep.ts';

export type { RestartFields, RestartOptions, RestartSettings, ScheduleListResult };

declare module '@promptbin/core' {
  interface EventMap {
    /** A scheduled time came while the process was on its way, or while the last run of a job went on. */
    'schedule.overlapped': { name: string; overlap: 'skip' | 'wait'; message: string };
    /** Who was stopped on request cannot be read or written: a new manager may start what was to stay down. */
    'restart.memoryFault': { message: string };
    /** It was stopped on request in a manager before this one, and stays so. */
    'restart.leftDown': { name: string; message: string };
  }
}

/**
 * Decides what follows an exit that nobody asked for: another try after a growing delay, the end, or a crash loop. Ends
 * what is unhealthy or over its limit, which then goes the same way; restarts groups together, and by schedule. The
 * options are the defaults of all processes.
 *
 * @throws PromptbinError `PB_PLUGIN_OPTIONS`
 */
const restart: (options?: RestartOptions) => Plugin<'restart', ZodType<ParsedFields, RestartFields>> = definePlugin({
  name: 'restart',
  options,
  fields,
  live: true,
  check: checkGroups,
  setup(ctx) {
    const groups = new Groups(ctx);
    const decider = new Decider({
      policyOf: (process) => policyOf(ctx, process),
      groupOf: (name) => groups.of(name),
      portOf: (name) => ctx.settings(name)?.port,
      now: () => ctx.clock.now(),
      random: Math.random,
    });
    ctx.hooks.decide.tap('policy', (process, exit) => decider.decide(process, exit));
    forgetWhenFresh(ctx, decider);
    endFailing(ctx);
    keepGroups(ctx, groups, decider);
    const stopped = keepStopped(ctx);
    keepSchedules({ ctx, wasStopped: (name) => stopped.has(name) });
  },
});

export { restart, restart as plugin };

function forgetWhenFresh(ctx: Context, decider: Decider): void {
  ctx.hooks.event.tap('fresh', ({ type, data }) => {
    if (type === 'process.removed') decider.forget(data.name);
    else if (type === 'process.desired' && data.fresh && renews(data.cause, ctx.settings(data.name)?.kind)) {
      decider.forget(data.name);
    }
  });
}

/**
 * Whether a start begins with a whole budget: when a person or an edit asks for it and, as each is a run of its own, when
 * a job is due. What the rest of promptbin restarts goes on counting.
 */
function renews({ code }: Cause, kind: ResolvedProcess['kind'] | undefined): boolean {
  return code === 'requested' || code === 'filesChanged' || (code === 'scheduled' && kind === 'job');
}
