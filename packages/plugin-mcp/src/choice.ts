import type { CommandInfo } from '@promptbin/core/views';
import type { ToolChoice } from './settings.ts';

/** The command by which a manager tells what its config says. */
export const choiceCommand = 'mcp.settings';

/** What a config and a command line say together: either may add a set, and either may forbid what writes. */
export function unite(one: ToolChoice, other: ToolChoice): ToolChoice {
  return { toolsets: [...new Set([...one.toolsets, ...other.toolsets])], readonly: one.readonly || other.readonly };
}

export function admits(
  { toolsets, readonly }: ToolChoice,
  { toolset, effect }: { readonly toolset: string | undefined; readonly effect: CommandInfo['effect'] },
): boolean {
  if (readonly && effect !== 'read') return false;
  return toolset === undefined || toolsets.includes(toolset);
}
