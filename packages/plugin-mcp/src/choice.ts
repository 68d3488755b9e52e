import type { CommandInfo } from '@promptbin/core/views';
import * as z from 'zod';

/** Which tools a client gets. */
export interface ToolChoice {
  /** Sets that are not offered unless they are named, such as `admin`. */
  readonly toolsets: readonly string[];
  /** Only what reads. */
  readonly readonly: boolean;
}

export interface ToolChoiceInput {
  /** Sets of tools beside the usual ones, such as `admin`. Default: none. */
  toolsets?: string[] | undefined;
  /** Offer only the tools that read. Default false. */
  readonly?: boolean | undefined;
}

export const toolChoice: z.ZodType<ToolChoice, ToolChoiceInput> = z.strictObject({
  toolsets: z
    .array(z.string().min(1))
    .default([])
    .describe('Sets of tools beside the usual ones: `admin`, `input`, or those of plugins.'),
  readonly: z.boolean().default(false).describe('Offer agents only the tools that read.'),
});

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
