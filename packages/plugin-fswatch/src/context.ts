import { type PluginContext, PromptbinError } from '@promptbin/core';
import type { FilePlan } from './settings.ts';

export type Context = PluginContext<unknown, FilePlan, never>;

/** @throws PromptbinError `PB_PROCESS_UNKNOWN` */
export function findProcess(ctx: Context, name: string): void {
  if (ctx.process(name) !== undefined) return;
  const known = ctx.processes().map((view) => view.name);
  throw new PromptbinError('PB_PROCESS_UNKNOWN', `There is no process "${name}".`, {
    hint: `Known: ${known.join(', ')}.`,
  });
}
