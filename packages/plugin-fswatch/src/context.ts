import { type PluginContext, unknownProcess } from '@promptbin/core';
import type { FilePlan } from './settings.ts';

export type Context = PluginContext<unknown, FilePlan, never>;

/** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
export function findProcess(ctx: Context, name: string): void {
  if (ctx.process(name) !== undefined) return;
  throw unknownProcess(
    name,
    ctx.processes().map((view) => view.name),
  );
}
