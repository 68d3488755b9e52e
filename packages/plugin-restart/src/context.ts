import type { PluginContext, ProcessView } from '@promptbin/core';
import type { Policy } from './policy.ts';
import { completePolicy, type ParsedFields, type ParsedOptions } from './settings.ts';

export type Context = PluginContext<ParsedOptions, ParsedFields, never>;

/** The policy that holds for a process at this moment: a reload may change it. */
export function policyOf(
  ctx: Context,
  { name, kind }: Pick<ProcessView, 'name' | 'kind'>,
  own: ParsedFields | undefined = ctx.fields(name),
): Policy {
  // Running a job twice is not harmless: it must be asked for.
  const never = kind === 'job' && !saysWhen(own);
  return completePolicy(never ? { ...own, policy: 'never' } : own, ctx.options, ctx.shared?.mcp?.restart_threshold);
}

/** A schedule and a group alone say nothing about what follows a failure. */
function saysWhen({ schedule, group, ...settings }: ParsedFields = {}): boolean {
  return Object.keys(settings).length > 0;
}
