import type { PluginContext, ProcessView } from '@promptbin/core';
import type { FilePlan } from './settings.ts';

export type Context = PluginContext<unknown, FilePlan, never>;

export function viewOf(ctx: Pick<Context, 'processes'>, name: string): ProcessView | undefined {
  return ctx.processes().find((view) => view.name === name);
}
